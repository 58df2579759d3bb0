"""A feed that says when it wants to be looked at again is not looked at too late."""

from hypothesis import given
from hypothesis import strategies as st
from tests.protocols.log_exchange.made_up_feed import chain, ns

from bongsu.protocols.log_exchange import inbound, outbound
from bongsu.protocols.log_exchange.inbound import Fault, Inbound
from bongsu.protocols.log_exchange.outbound import Outbound
from bongsu.vocabulary.units import MonotonicNs

HISTORY = chain(9)
INSTANTS = st.integers(0, 40 * 10**9).map(MonotonicNs)
PERHAPS = st.none() | INSTANTS


@st.composite
def readers(draw: st.DrawFn) -> Inbound:
    accepted = draw(st.integers(0, 9))
    return Inbound(
        epoch=1,
        judges_link=draw(st.booleans()),
        accepted=HISTORY.position(accepted),
        stored=draw(st.integers(0, accepted)),
        claimed=draw(st.integers(0, 9)),
        opened_at=draw(INSTANTS),
        heard_at=draw(PERHAPS),
        behind_since=draw(PERHAPS),
        receipt_due=draw(PERHAPS),
        receipt_said_at=draw(PERHAPS),
        faults=draw(st.frozensets(st.sampled_from(Fault))),
    )


@st.composite
def senders(draw: st.DrawFn) -> Outbound:
    appended = draw(st.integers(0, 9))
    return Outbound(
        appended=appended,
        sent=draw(st.integers(0, appended)),
        key_id=b"key",
        key_expires_at=ns(60.0),
        flush_at=draw(PERHAPS),
        heartbeat_at=draw(INSTANTS),
        doubted=draw(st.none() | st.integers(1, 9)),
        doubted_at=draw(INSTANTS),
    )


@given(state=readers(), now=INSTANTS)
def test_nothing_is_due_at_a_reader_before_it_says_so(state: Inbound, now: MonotonicNs) -> None:
    if now < inbound.quiet_until(state):
        assert inbound.step(state, inbound.TimePassed(), now=now) == (state, ())


@given(state=senders(), now=INSTANTS)
def test_nothing_is_due_at_a_sender_before_it_says_so(state: Outbound, now: MonotonicNs) -> None:
    if now < outbound.quiet_until(state):
        assert outbound.step(state, outbound.TimePassed(), now=now) == (state, ())
