"""Tables of a node's log in PostgreSQL: the same rows and the same rules as in the embedded one.

Each node has a schema of its own in the database, named after node and realm, so that several
nodes may share a server and none can take another's log for its own. Names compare byte by byte
(`COLLATE "C"`), as they do in the embedded log.
"""

import re

from bongsu.adapters.stores.feed_columns import FEED_COLUMNS
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

SCHEMA_VERSION = 4
FEED = "sender = $1 AND reader = $2 AND lane = $3 AND epoch = $4"

_NAME = 'TEXT COLLATE "C"'
_FEED_TYPES = (
    f"sender {_NAME} NOT NULL, reader {_NAME} NOT NULL,"
    f" lane {_NAME} NOT NULL, epoch BIGINT NOT NULL"
)
_PLACE = f"PRIMARY KEY ({FEED_COLUMNS}, sequence)"
_POSITION = "position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"

TABLES = (
    f"CREATE TABLE meta (name {_NAME} PRIMARY KEY, value TEXT NOT NULL)",
    f"CREATE TABLE records ({_POSITION}, record_id BYTEA NOT NULL UNIQUE, kind {_NAME} NOT NULL,"
    " originator TEXT NOT NULL, own BOOLEAN NOT NULL, encoded BYTEA NOT NULL,"
    f" stored_at BIGINT NOT NULL, subject {_NAME})",
    "CREATE INDEX records_by_kind ON records (kind, own, position)",
    "CREATE INDEX records_by_subject ON records (subject, position) WHERE subject IS NOT NULL",
    f"CREATE TABLE entries ({_FEED_TYPES}, sequence BIGINT NOT NULL, record_id BYTEA NOT NULL,"
    f" encoded BYTEA NOT NULL, entry_hash BYTEA NOT NULL, subject {_NAME}, {_PLACE})",
    "CREATE INDEX entries_by_subject ON entries (subject) WHERE subject IS NOT NULL",
    f"CREATE TABLE heads ({_FEED_TYPES}, sequence BIGINT NOT NULL, encoded BYTEA NOT NULL,"
    f" {_PLACE})",
    f"CREATE TABLE receipts ({_FEED_TYPES}, sequence BIGINT NOT NULL, encoded BYTEA NOT NULL,"
    f" {_PLACE})",
    f"CREATE TABLE let_go ({_FEED_TYPES}, sequence BIGINT NOT NULL,"
    f" content_hash BYTEA NOT NULL, {_PLACE})",
    f"CREATE TABLE evidence ({_POSITION}, reason TEXT NOT NULL, source {_NAME} NOT NULL,"
    " payload BYTEA NOT NULL, kept_at BIGINT NOT NULL)",
    "CREATE INDEX evidence_by_source ON evidence (source)",
    f"CREATE TABLE pending ({_POSITION}, record_id BYTEA NOT NULL, reader {_NAME} NOT NULL,"
    " due_at BIGINT NOT NULL, UNIQUE (record_id, reader))",
    f"CREATE TABLE settled (record_id BYTEA NOT NULL, reader {_NAME} NOT NULL,"
    " PRIMARY KEY (record_id, reader))",
    # A chain has no holes: what would leave one is refused, whoever asks for it.
    """CREATE FUNCTION entries_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (
        SELECT 1 FROM added WHERE sequence <> 1 AND NOT EXISTS (
          SELECT 1 FROM entries AS before
          WHERE before.sender = added.sender AND before.reader = added.reader
            AND before.lane = added.lane AND before.epoch = added.epoch
            AND before.sequence = added.sequence - 1))
      THEN RAISE EXCEPTION 'an entry does not follow the last one of its feed';
      END IF;
      RETURN NULL;
    END $$""",
    "CREATE TRIGGER entries_follow AFTER INSERT ON entries REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION entries_follow()",
)


def schema_name(node: NodeId, realm: Realm) -> str:
    """The schema of one node's log: letters, digits and underscores only."""
    name = f"bongsu_{realm.value}_{node.lower().replace('-', '_')}"
    if re.fullmatch(r"[a-z0-9_]{1,63}", name) is None:  # the longest name that PostgreSQL keeps
        raise ValueError(f"{node} makes no schema name")
    return name


def meta(node: NodeId, realm: Realm) -> dict[str, str]:
    """Whose log it is."""
    return {"node": node, "realm": realm.value, "schema": str(SCHEMA_VERSION)}
