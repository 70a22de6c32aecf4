"""The drawn icons of Tongban: a 24 unit grid, line width 1.75, round ends, drawn for this project."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: Name -> the inside of `<svg viewBox="0 0 24 24">`. Trusted markup: never add anything that comes from outside.
ICONS: Mapping[str, str] = MappingProxyType(
    {
        "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
        "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6"/>',
        "company": (
            '<path d="M4 20.5V5.5l9-2v17M13 9.5l7 1.5v9.5M2.5 20.5h19M7.5 8.5h2M7.5 12.5h2M7.5 16.5h2M16.5 '
            '14h.5M16.5 17h.5"/>'
        ),
        "bundle": (
            '<rect x="3.5" y="3.5" width="7" height="7" rx="1.5"/><rect x="13.5" y="13.5" width="7" '
            'height="7" rx="1.5"/><path d="M10.5 7H15a2 2 0 0 1 2 2v4.5M13.5 17H9a2 2 0 0 1-2-2v-4.5"/>'
        ),
        "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
        "phone": (
            '<path d="M5.5 3.5h3l1.5 4.5-2 1.5a12 12 0 0 0 6.5 6.5l1.5-2 4.5 1.5v3a2 2 0 0 1-2 2C10.5 20.5 '
            '3.5 13.5 3.5 5.5a2 2 0 0 1 2-2Z"/>'
        ),
        "hall": (
            '<path d="M3 9.5 12 4l9 5.5M4.5 9.5h15M6 9.5V18M10 9.5V18M14 9.5V18M18 9.5V18M3.5 20.5h17M4.5 18h15"/>'
        ),
        "place": (
            '<path d="M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11Z"/><circle cx="12" cy="10" r="2.5"/>'
        ),
        "document": '<path d="M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6.5M9 16h6.5"/>',
        "disclosure": '<path d="M5 4.5h6.5v15H5zM12.5 4.5H19v15h-6.5M7.5 8.5h1.5M15 8.5h1.5M15 12h1.5M7.5 12h1.5"/>',
        "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
        "check-circle": '<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.7L16 9.5"/>',
        "close": '<path d="m6 6 12 12M18 6 6 18"/>',
        "warning": '<path d="M12 3.5 21.5 20h-19zM12 10v4.5M12 17.2v.1"/>',
        "stop": '<path d="M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM12 8v5M12 16v.1"/>',
        "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.1"/>',
        "chevron-right": '<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>',
        "chevron-left": '<path d="M14.5 5.5 8 12l6.5 6.5"/>',
        "chevron-down": '<path d="m5.5 9.5 6.5 6.5 6.5-6.5"/>',
        "arrow-up": '<path d="M12 19V5.5M6.5 11 12 5.5l5.5 5.5"/>',
        "arrow-down": '<path d="M12 5v13.5M6.5 13l5.5 5.5 5.5-5.5"/>',
        "arrow-left": '<path d="M20 12H5M11 5.5 4.5 12l6.5 6.5"/>',
        "arrow-right": '<path d="M4 12h15.5M13 5.5l6.5 6.5-6.5 6.5"/>',
        "copy": (
            '<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="1.5"/><path d="M15.5 8.5V5.5A1.5 1.5 0 0 '
            '0 14 4H5.5A1.5 1.5 0 0 0 4 5.5V14a1.5 1.5 0 0 0 1.5 1.5h3"/>'
        ),
        "download": '<path d="M12 4v11M7 10.5l5 5 5-5M4.5 20h15"/>',
        "upload": '<path d="M12 16V4.5M7 9l5-5 5 5M4.5 20h15"/>',
        "print": '<path d="M7 8.5V3.5h10v5M7 17H4V8.5h16V17h-3M7 13.5h10v7H7zM16.5 11h.1"/>',
        "eye": (
            '<path d="M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 '
            '6.5s-7-2-9.5-6.5Z"/><circle cx="12" cy="12" r="3"/>'
        ),
        "pause": '<path d="M8.5 5.5v13M15.5 5.5v13"/>',
        "play": '<path d="M8 5.5v13l10.5-6.5z"/>',
        "dot": '<circle cx="12" cy="12" r="5"/>',
        "hourglass": (
            '<path d="M7 3.5h10M7 20.5h10M8 3.5c0 5 4 5.5 4 8.5s-4 3.5-4 8.5M16 3.5c0 5-4 5.5-4 8.5s4 3.5 4 8.5"/>'
        ),
        "star": '<path d="m12 3.8 2.5 5.3 5.7.8-4.1 4.1 1 5.8-5.1-2.8-5.1 2.8 1-5.8L3.8 9.9l5.7-.8z"/>',
        "sound": '<path d="M4 9.5v5h3.5l5 4.5V5l-5 4.5zM16 9a4.2 4.2 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11"/>',
        "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
        "home": '<path d="m3.5 11.5 8.5-7.5 8.5 7.5M6 9.5v10.5h12V9.5M10 20v-5.5h4V20"/>',
        "inbox": '<path d="M4 13.5 6.5 4.500h11l2.5 9v6h-16zM4 13.500h4.500l1.5 2.500h4l1.5-2.500H20"/>',
        "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="1.5"/><path d="m4 7 8 6 8-6"/>',
        "message": '<path d="M4 5h16v11.500h-8.500L7 20v-3.500H4zM8 9.500h8M8 12.500h5"/>',
        "key": '<circle cx="8" cy="15.5" r="4"/><path d="M11 12.5 19.5 4M16 7.500l2.5 2.500M13.5 10l1.5 1.5"/>',
        "mobile": '<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M11 18h2"/>',
        "log-out": '<path d="M14 7V4H5v16h9v-3M10 12h10.500M17 8.500l3.5 3.5-3.5 3.5"/>',
        "plus": '<path d="M12 5v14M5 12h14"/>',
        "minus": '<path d="M5 12h14"/>',
        "link": (
            '<path d="M10 14a4 4 0 0 0 5.6.4l3-3a4 4 0 0 0-5.7-5.700L11.5 7M14 10a4 4 0 0 0-5.6-.4l-3 3a4 4 '
            '0 0 0 5.7 5.700l1.4-1.3"/>'
        ),
        "list": '<path d="M8.5 6.500H20M8.5 12H20M8.5 17.500H20M4.5 6.500h.1M4.5 12h.1M4.5 17.500h.1"/>',
        "receipt": (
            '<path d="M5.5 3.500h13v17l-2.2-1.5-2.1 1.5-2.2-1.5-2.2 1.5-2.1-1.5-2.2 1.500zM8.5 8h7M8.5 '
            '11.500h7M8.5 15h4"/>'
        ),
        "stamp": (
            '<path d="M9.5 13V10a3.5 3.5 0 1 1 5 0v3H18a1.5 1.5 0 0 1 1.5 1.500V17h-15v-2.500A1.5 1.5 0 0 1 '
            '6 13zM5 20.500h14"/>'
        ),
        "settings": (
            '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>'
        ),
        "id-card": (
            '<rect x="2.5" y="5" width="19" height="14" rx="2"/><circle cx="8" cy="10.5" r="2"/><path d="M5 '
            '16c.4-1.7 1.5-2.5 3-2.5s2.6.8 3 2.5M14.5 9.5h4M14.5 13h4"/>'
        ),
        "house": '<path d="M3.5 20.5h17M5.5 20.5V9.5L12 4l6.5 5.5v11M10 20.5v-6h4v6"/>',
        "fund": '<path d="M3.5 11 12 4l8.5 7M6 9v11.5h12V9M9 12l3 3 3-3M12 15v3.5M9.5 15.5h5"/>',
        "baby": (
            '<circle cx="12" cy="13" r="7.5"/><path d="M12 5.5c0-1.5-1-2.5-2.5-2.5M9 12.5v.1M15 12.5v.1M9.5 '
            '16c1.6 1.3 3.4 1.3 5 0"/>'
        ),
        "food": (
            '<path d="M3 11.5h18c0 4.5-3 7.5-6 8.5H9c-3-1-6-4-6-8.5ZM9.5 20v1h5v-1M8 8.5c-1-1.5 1-2.5 '
            '0-4.5M12 8.5c-1-1.5 1-2.5 0-4.5M16 8.5c-1-1.5 1-2.5 0-4.5"/>'
        ),
        "car": '<path d="M3.5 17v-4.5L6 7h12l2.5 5.5V17zM3.5 12.5h17M6 17v2M18 17v2M7 14.8h.1M17 14.8h.1"/>',
        "medical": (
            '<rect x="3.5" y="6.5" width="17" height="13.5" rx="1.5"/><path d="M9 6.5V4h6v2.5M12 10v6.5M8.8 13.3h6.4"/>'
        ),
        "shield": '<path d="M12 3.5 19.5 6v5.5c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9V6zM8.5 12l2.5 2.5 4.5-4.5"/>',
        "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="1.5"/><path d="M3.5 10h17M8 3v4M16 3v4"/>',
        "filter": '<path d="M4 5.5h16l-6 7.5v6l-4-2v-4z"/>',
        "columns": '<rect x="3.5" y="4.5" width="17" height="15" rx="1.5"/><path d="M9.2 4.5v15M14.8 4.5v15"/>',
        "more": '<path d="M5.5 12h.1M12 12h.1M18.5 12h.1" stroke-width="2.6"/>',
        "camera": (
            '<path d="M3.5 8.5a2 2 0 0 1 2-2h2l1.5-2.5h6l1.5 2.5h2a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2Z"/>'
            '<circle cx="12" cy="12.5" r="3.5"/>'
        ),
        "scan": (
            '<path d="M3.5 8V5A1.5 1.5 0 0 1 5 3.5h3M16 3.5h3A1.5 1.5 0 0 1 20.5 5v3M20.5 16v3a1.5 1.5 0 0 '
            '1-1.5 1.5h-3M8 20.5H5A1.5 1.5 0 0 1 3.5 19v-3M6.5 12h11"/>'
        ),
        "ticket": '<path d="M3.5 6.5h17V10a2 2 0 0 0 0 4v3.5h-17V14a2 2 0 0 0 0-4zM14.5 9.5v5"/>',
        "lock": (
            '<rect x="5" y="10.5" width="14" height="10" rx="1.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2"/>'
        ),
        "pen": '<path d="M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5M12.5 20.5H20"/>',
        "trash": '<path d="M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13.5h9l1-13.5M10.5 11v5.5M13.5 11v5.5"/>',
        "refresh": '<path d="M19.5 12a7.5 7.5 0 1 1-2.5-5.6M19.5 3.5v4h-4"/>',
        "zoom-in": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5M8.5 11h5M11 8.5v5"/>',
        "zoom-out": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5M8.5 11h5"/>',
        "offline": (
            '<path d="M3.5 9.5a13 13 0 0 1 5-2.7M20.5 9.5A13 13 0 0 0 12.5 6.3M6.5 13a8.5 8.5 0 0 1 '
            '3.5-2M17.5 13a8 8 0 0 0-2-1.4M9.5 16.3a4 4 0 0 1 5 0M12 19.5v.1M4 3.5l16 17"/>'
        ),
        "flag": '<path d="M6 21V4M6 4.5h11l-2 3.8 2 3.7H6"/>',
        "mic": '<rect x="9" y="3.5" width="6" height="10.5" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>',
        "hang-up": '<path d="M3 14.5c5-5.5 13-5.5 18 0l-1.8 2.5-4-1.5v-3c-2-.7-4.4-.7-6.4 0v3l-4 1.5z"/>',
        "hierarchy": (
            '<circle cx="12" cy="7" r="3"/><circle cx="5.5" cy="16" r="2.5"/><circle cx="18.5" cy="16" '
            'r="2.5"/><path d="M9.8 9.5 7 13.7M14.2 9.5l2.8 4.2M8.5 16.5h7"/>'
        ),
        "send": '<path d="m3.5 11.5 17-8-6 17-3.5-7zM11 13.5l9.5-10"/>',
        "book": (
            '<path d="M5 4.5h12.5A1.5 1.5 0 0 1 19 6v14.5H6.5A1.5 1.5 0 0 1 5 19zM5 18.5A1.5 1.5 0 0 1 6.5 '
            '17H19M9 8.5h6"/>'
        ),
        "hand": (
            '<path d="M8 13V6.5a1.5 1.5 0 0 1 3 0V11V4.5a1.5 1.5 0 0 1 3 0V11V6a1.5 1.5 0 0 1 3 0v8.5c0 '
            '4-2.5 6-5.5 6-2.8 0-4.2-1.3-5.5-3.5l-2.5-4c-.5-1 .3-2 1.3-1.7.6.2 1 .6 1.4 1.2z"/>'
        ),
        "globe": (
            '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.5 2.5 3.5 5.3 3.5 8.5s-1 6-3.5 '
            '8.5c-2.5-2.5-3.5-5.3-3.5-8.5s1-6 3.5-8.5Z"/>'
        ),
        "type-size": '<path d="M3.5 19 8.5 6h1l5 13M5.2 14.5h7.6M15.5 19l3-7.5h.8L22 19M16.6 16.3h4.4"/>',
        "heart": '<path d="M12 20.5S3.5 15.5 3.5 9.5A4.5 4.5 0 0 1 12 7.5a4.5 4.5 0 0 1 8.5 2c0 6-8.5 11-8.5 11Z"/>',
        "bus": (
            '<rect x="4.5" y="4" width="15" height="14" rx="2"/><path d="M4.5 12h15M7.5 18v2.5M16.5 '
            '18v2.5M8 15h.1M16 15h.1"/>'
        ),
        "yuan": '<circle cx="12" cy="12" r="8.5"/><path d="m8.5 7.5 3.5 4.5 3.5-4.5M12 12v5M9 12.5h6M9 15h6"/>',
    }
)
