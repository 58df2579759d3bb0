"""What the bench tells the node that states much."""

from typing import Annotated, Literal

from msgspec import Meta

from bongsu.records.encoding import Codec, Wire


class Order(Wire, frozen=True, kw_only=True):
    """State `count` records; `pace_s` apart, or as fast as the disk takes them where it is 0."""

    what: Literal["updates", "warnings"]
    count: Annotated[int, Meta(ge=1)]
    pace_s: Annotated[float, Meta(ge=0.0)]


ORDER = Codec(Order, maximum_bytes=64, what="order")
