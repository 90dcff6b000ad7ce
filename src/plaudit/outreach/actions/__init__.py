"""Changes things: endpoints and their secrets, handing out what is new, sending it, sending it again."""
