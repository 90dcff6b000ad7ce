"""Who may do what: actors, roles, scopes, declarations on every route, limits, and refusals translated."""
