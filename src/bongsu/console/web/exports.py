"""A moment as a file for others' maps: by the formats that this console was given."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Final, Literal

from msgspec import Meta
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bongsu.console.answers.past import PastSeen, past_seen
from bongsu.console.answers.warnings import open_threats
from bongsu.console.measures import clock_text, date_text
from bongsu.console.web.news_hub import told
from bongsu.console.web.parameters import Parameters, read_parameters
from bongsu.console.web.permitted_node import PermittedNode
from bongsu.node.record_search import Instant
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.exported_moment import ExportedMoment, ExportedTrack
from bongsu.vocabulary.units import NodeId

Exporter = Callable[[ExportedMoment], bytes]
MEDIA: Final = {"geojson": "application/geo+json", "czml": "application/json"}
NOT_HERE: Final = 501


class ExportAsked(Parameters, frozen=True, kw_only=True):
    format: Annotated[Literal["geojson", "czml"], Meta(description="of the file")]
    utc_ns: Annotated[Instant | None, Meta(description="the moment; none: the present")] = None


def exporting(
    node: PermittedNode, exporters: Mapping[str, Exporter]
) -> Callable[[Request], Awaitable[Response]]:
    """What answers a request for a file; 501 where the format can't be written here."""

    async def export(request: Request) -> Response:
        asked = read_parameters(ExportAsked, request.query_params.multi_items())
        kind, at = str(asked["format"]), asked["utc_ns"]
        is_replay = at is not None
        if at is None:
            at = open_threats(await node.by(request).ask("warnings", {})).at
        moment = _exported(
            past_seen(await node.by(request).ask("at", {"utc_ns": at})), is_replay=is_replay
        )
        try:
            content = _exporter(exporters, kind)(moment)
        except LocalMisuse as error:
            return JSONResponse(told(error), status_code=NOT_HERE)
        headers = {"Content-Disposition": f'attachment; filename="{_name(moment, kind)}"'}
        return Response(content, media_type=MEDIA[kind], headers=headers)

    return export


def _exporter(exporters: Mapping[str, Exporter], kind: str) -> Exporter:
    if kind not in exporters:
        raise LocalMisuse(f"this console writes no {kind}", remedy="Start it with: bongsu console")
    return exporters[kind]


def _exported(seen: PastSeen, *, is_replay: bool) -> ExportedMoment:
    own = [(NodeId(seen.node), one.own) for one in seen.threats if one.own is not None]
    partners = [(NodeId(p.node), p.warning) for one in seen.threats for p in one.partners]
    return ExportedMoment(
        node=seen.node,
        realm=seen.realm,
        at=seen.at,
        is_replay=is_replay,
        warnings=(*own, *partners),
        tracks=tuple(
            ExportedTrack(
                node=track.node,
                track_id=track.track_id,
                status=track.status,
                latitude_rad=track.latitude_rad,
                longitude_rad=track.longitude_rad,
                height_m=track.height_m,
                withheld=track.withheld,
            )
            for known in seen.objects
            for track in known.tracks
        ),
    )


def _name(moment: ExportedMoment, kind: str) -> str:
    when = f"{date_text(moment.at)}T{clock_text(moment.at)}".replace(":", "")
    return f"{moment.mark.replace(' ', '-')}-{moment.node}-{when}.{kind}"
