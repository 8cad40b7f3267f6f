# What the drivers of MongoDB share: a played server, and the arguments of the calls that the rows name.
# What a driver asks by itself (who are you, are you still there) is no statement.
import servers

PORT = servers.listen(servers.mongo)
URL = f"mongodb://{servers.HOST}:{PORT}/db?directConnection=true"
CLIENT = {"get_database": "'db'", "get_default_database": "", "list_database_names": "", "list_databases": "", "drop_database": "'db'", "server_info": "", "start_session": ""}
DATABASE = {
    "aggregate": "[{'$currentOp': {}}]", "command": "'ping'", "create_collection": "'new'", "drop_collection": "'c'", "get_collection": "'c'", "list_collection_names": "", "list_collections": "",
    "validate_collection": "'c'", "watch": "",
}
COLLECTION = {
    "aggregate": "[]", "bulk_write": "[InsertOne({})]", "count_documents": "{}", "create_index": "'n'", "create_indexes": "[IndexModel('n')]", "delete_many": "{}", "delete_one": "{}", "distinct": "'n'",
    "drop": "", "drop_index": "'n_1'", "drop_indexes": "", "estimated_document_count": "", "find": "", "find_one": "", "find_one_and_delete": "{}", "find_one_and_replace": "{}, {}",
    "find_one_and_update": "{}, {'$set': {}}", "index_information": "", "insert_many": "[{}]", "insert_one": "{}", "list_indexes": "", "rename": "'d'", "replace_one": "{}, {}",
    "update_many": "{}, {'$set': {}}", "update_one": "{}, {'$set': {}}", "watch": "",
}
CURSOR = {"batch_size": "1", "comment": "'a'", "explain": "", "hint": "'n_1'", "limit": "1", "max_time_ms": "9", "next": "", "skip": "1", "sort": "'n'", "to_list": ""}


def arguments(owners):
    return {f"{owner}.{name}": given for owner, calls in owners.items() for name, given in calls.items()}
