"""Os limites que o sistema impõe ao processo."""

from __future__ import annotations

import contextlib

try:
    import resource
except ImportError:  # Windows não tem limite de descritores por processo
    resource = None  # type: ignore[assignment]


def aumentar_limite_de_descritores() -> None:
    """Sobe o limite brando de descritores até o rígido: cada cliente gasta um."""
    if resource is None:
        return
    brando, rigido = resource.getrlimit(resource.RLIMIT_NOFILE)
    if brando != rigido:
        # No macOS o rígido pode ser “infinito” e não ser aceito: fica como estava.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (rigido, rigido))
