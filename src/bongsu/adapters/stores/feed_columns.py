"""A feed's name as columns of a table: the same in every log that is a database."""

from bongsu.records.feed import FeedId
from bongsu.records.lane import Lane
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

FEED_COLUMNS = "sender, reader, lane, epoch"

FeedColumns = tuple[str, str, str, int]
BEFORE_EVERY_FEED: FeedColumns = ("", "", "", 0)


def feed_columns(feed: FeedId) -> FeedColumns:
    """A feed as its columns; they also put feeds in order."""
    return feed.sender, feed.reader, feed.lane.value, feed.epoch


def feed_of(realm: Realm, sender: str, reader: str, lane: str, epoch: int) -> FeedId:
    """The feed that those columns name; ValueError for a lane that there is not."""
    return FeedId(
        realm=realm, sender=NodeId(sender), reader=NodeId(reader), lane=Lane(lane), epoch=epoch
    )
