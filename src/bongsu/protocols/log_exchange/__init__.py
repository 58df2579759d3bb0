"""Log exchange between two nodes: nothing lost, nothing shown twice, nothing trusted.

A feed is the ordered, hash-chained sequence of entries that one node released to one reader.
Two machines run it, one at each end, and neither knows a socket, a store or a key:

- `outbound` (at the sender) decides which entries go on the wire, when the head is repeated,
  and where to start again when the reader asks for what it lacks. It sends nothing while it has
  no fresh short-lived key of the reader, and no more than a window beyond what was countersigned.
- `inbound` (at the reader) takes only what continues the chain. It stores before it
  acknowledges, asks `after=N` when it sees a gap, ignores duplicates, keeps both sides of a
  fork as evidence, and tells people within three seconds that a link is silent, behind or skewed.

Loss is repaired by the reader alone: a heartbeat is the sender's fresh signed head, so a reader
that lacks something always learns of it. All timers run on the monotonic clock.
"""
