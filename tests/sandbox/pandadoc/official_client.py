"""PandaDoc's own client reads a workspace: prints what it found as JSON.

    python official_client.py ORIGIN API_KEY

The client's types are older than the answers. It refuses nulls that its vendor sends (pandadoc.md 13.7), so documents
and templates are read as its users do, without the check of types; `typed` counts those that pass it.
"""

import json
import sys

import pandadoc_client
from pandadoc_client.api import contacts_api, documents_api, folders_api_api, members_api, templates_api

UNCHECKED = {"_check_return_type": False}


def main(origin: str, key: str) -> None:
    configuration = pandadoc_client.Configuration(host=origin)
    configuration.api_key["apiKey"] = f"API-Key {key}"
    with pandadoc_client.ApiClient(configuration) as client:
        documents, templates = documents_api.DocumentsApi(client), templates_api.TemplatesApi(client)
        folders = folders_api_api.FoldersAPIApi(client)
        ids: list[str] = []
        page, typed = 1, 0
        while rows := documents.list_documents(count=10, page=page, order_by="date_created", **UNCHECKED)["results"]:
            ids += [row["id"] for row in rows]
            page += 1
        details = {}
        for id in ids:
            try:
                details[id] = documents.details_document(id, **UNCHECKED).to_dict()
                documents.details_document(id)
                typed += 1
            except pandadoc_client.ApiException as error:
                details[id] = {"refused": error.status}
            except pandadoc_client.ApiTypeError:
                pass
        found = [row.id for row in templates.list_templates(count=100).results]
        print(
            json.dumps(
                {
                    "documents": ids,
                    "details": details,
                    "typed": typed,
                    "templates": {id: templates.details_template(id, **UNCHECKED)["name"] for id in found},
                    "contacts": [row.id for row in contacts_api.ContactsApi(client).list_contacts().results],
                    "members": [row.membership_id for row in members_api.MembersApi(client).list_members().results],
                    "document_folders": [row.uuid for row in folders.list_document_folders(count=100).results],
                    "template_folders": [row.uuid for row in folders.list_template_folders(count=100).results],
                },
                default=str,
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
