"""Acha os endereços de páginas num texto. Puro."""

from __future__ import annotations

import re

_ENLACE = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_SOBRA_NO_FIM = ".,;:!?'*_~…"
_PARES = {")": "(", "]": "[", "}": "{"}


def partir(texto: str) -> list[tuple[str, bool]]:
    """O texto em pedaços: (trecho, se é um endereço http ou https). Juntos dão o texto inteiro."""
    pedacos: list[tuple[str, bool]] = []
    fim = 0
    for achado in _ENLACE.finditer(texto):
        enlace = aparar(achado[0])
        if "://" not in enlace or not enlace.split("://", 1)[1]:
            continue
        if achado.start() > fim:
            pedacos.append((texto[fim:achado.start()], False))
        pedacos.append((enlace, True))
        fim = achado.start() + len(enlace)
    if fim < len(texto):
        pedacos.append((texto[fim:], False))
    return pedacos


def aparar(enlace: str) -> str:
    """Tira do fim a pontuação que é da frase: o ponto final, e o parêntese que não foi aberto dentro."""
    while enlace:
        ultimo = enlace[-1]
        sobra = ultimo in _SOBRA_NO_FIM
        if ultimo in _PARES:
            sobra = enlace.count(ultimo) > enlace.count(_PARES[ultimo])
        if not sobra:
            break
        enlace = enlace[:-1]
    return enlace


def e_seguro(enlace: str) -> bool:
    """Só páginas se abrem: nunca um arquivo nem outro programa."""
    return enlace.lower().startswith(("http://", "https://"))
