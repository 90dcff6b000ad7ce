"""What provisioning here can do, as a directory asks for it (RFC 7643, 5 to 7; RFC 7644, 4). Pure."""

from __future__ import annotations

from plaudit.people.scim.patching import OPERATIONS_MAX
from plaudit.people.scim.resources import PAGE_MAX
from plaudit.people.scim.schemas import ENTERPRISE, GROUP, SCHEMAS, USER, Attribute, Json, Schema

_CORE = "urn:ietf:params:scim:schemas:core:2.0"
CONFIG = f"{_CORE}:ServiceProviderConfig"
RESOURCE_TYPE = f"{_CORE}:ResourceType"
SCHEMA = f"{_CORE}:Schema"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def config(at: str) -> Json:
    """What is supported."""
    return {
        "schemas": [CONFIG],
        "documentationUri": f"{at.removesuffix('/scim/v2')}/api/v1/docs",
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": OPERATIONS_MAX, "maxPayloadSize": 1024 * 1024},
        "filter": {"supported": True, "maxResults": PAGE_MAX},
        "changePassword": {"supported": False},
        "sort": {"supported": True},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "API key",
                "description": "A key of Plaudit with the scope scim, as a bearer token (RFC 6750).",
                "specUri": "https://www.rfc-editor.org/info/rfc6750",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{at}/ServiceProviderConfig"},
    }


def resource_types(at: str) -> list[Json]:
    """The kinds of resources there are."""
    user = _resource_type("User", "/Users", USER, "Somebody who works here.", at)
    user["schemaExtensions"] = [{"schema": ENTERPRISE, "required": False}]
    return [user, _resource_type("Group", "/Groups", GROUP, "A team.", at)]


def _resource_type(name: str, endpoint: str, schema: str, says: str, at: str) -> Json:
    return {
        "schemas": [RESOURCE_TYPE],
        "id": name,
        "name": name,
        "endpoint": endpoint,
        "description": says,
        "schema": schema,
        "meta": {"resourceType": "ResourceType", "location": f"{at}/ResourceTypes/{name}"},
    }


def schemas(at: str) -> list[Json]:
    """What each kind of resource says, attribute by attribute."""
    return [_schema(one, at) for one in SCHEMAS]


def _schema(schema: Schema, at: str) -> Json:
    return {
        "schemas": [SCHEMA],
        "id": schema.id,
        "name": schema.name,
        "description": schema.says,
        "attributes": [_attribute(one) for one in schema.attributes if one.name != "externalId"],
        "meta": {"resourceType": "Schema", "location": f"{at}/Schemas/{schema.id}"},
    }


def _attribute(attribute: Attribute) -> Json:
    shown: Json = {
        "name": attribute.name,
        "type": attribute.type,
        "multiValued": attribute.many,
        "description": attribute.says,
        "required": attribute.required,
        "mutability": attribute.changes,
        "returned": "default",
    }
    if attribute.type == "complex":
        shown["subAttributes"] = [_attribute(one) for one in attribute.parts]
    elif attribute.type != "boolean":
        shown |= {"caseExact": attribute.exact, "uniqueness": attribute.unique}
    if attribute.type == "reference":
        shown["referenceTypes"] = ["User", "Group"]
    return shown


def listed(resources: list[Json], *, total: int | None = None, start: int = 1) -> Json:
    """Resources as a list (RFC 7644, 3.4.2)."""
    return {
        "schemas": [LIST],
        "totalResults": len(resources) if total is None else total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }
