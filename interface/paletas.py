"""As três paletas do programa: nome da cor → valor. Sem tkinter.

As razões de contraste seguem a WCAG 2: texto ≥ 4,5 e borda de campo ou foco ≥ 3.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping

Paleta = Mapping[str, str]

_CLARO = {
    "fundo": "#F3F5FA",            # o chão da janela
    "superficie": "#FFFFFF",       # cartões e a conversa
    "lateral": "#EDF0F7",          # barras laterais e áreas recuadas
    "realce": "#E6EBF5",           # o que está sob o ponteiro
    "borda": "#DCE2EC",            # linhas decorativas
    "borda_campo": "#7C879B",      # contorno do que se preenche
    "texto": "#172033",
    "apagado": "#566175",          # texto secundário
    "destaque": "#2F5BEA",
    "destaque_realce": "#2448C4",
    "destaque_apertado": "#1D3BA3",
    "sobre_destaque": "#FFFFFF",   # texto sobre o destaque
    "destaque_texto": "#2448C4",
    "destaque_suave": "#E5ECFF",
    "ok": "#116B34",
    "ok_suave": "#DDF5E5",
    "aviso": "#A84B00",
    "aviso_suave": "#FFF0D6",
    "erro": "#C62828",
    "erro_suave": "#FDE4E4",
    "privado": "#7A2FB8",
    "privado_suave": "#F4E9FD",
    "mencao": "#FFF4D6",
    "meu": "#EEF3FF",
    "selecao": "#CCDAFF",
    "codigo": "#F1F3F8",
    "rolagem": "#B8C1D1",
    "desativado": "#E6E9F0",
    "desativado_texto": "#8993A5",
    "dica_fundo": "#172033",
    "dica_texto": "#FFFFFF",
}

_ESCURO = {
    "fundo": "#11151C",
    "superficie": "#1A202B",
    "lateral": "#232B38",
    "realce": "#2A3443",
    "borda": "#313C4D",
    "borda_campo": "#6B7890",
    "texto": "#E8ECF4",
    "apagado": "#A2AEC0",
    "destaque": "#7EA6FF",
    "destaque_realce": "#9ABAFF",
    "destaque_apertado": "#B5CCFF",
    "sobre_destaque": "#0B1220",
    "destaque_texto": "#A9C3FF",
    "destaque_suave": "#22345C",
    "ok": "#5BD68A",
    "ok_suave": "#173A28",
    "aviso": "#F6BC5E",
    "aviso_suave": "#42310F",
    "erro": "#FF8A80",
    "erro_suave": "#4A2020",
    "privado": "#D3A6FF",
    "privado_suave": "#35244A",
    "mencao": "#3E3313",
    "meu": "#1F2B44",
    "selecao": "#2B4275",
    "codigo": "#141A23",
    "rolagem": "#4A5769",
    "desativado": "#262E3A",
    "desativado_texto": "#6F7B8E",
    "dica_fundo": "#E8ECF4",
    "dica_texto": "#11151C",
}

_CONTRASTE = {
    "fundo": "#000000",
    "superficie": "#000000",
    "lateral": "#000000",
    "realce": "#003A52",
    "borda": "#FFFFFF",
    "borda_campo": "#FFFFFF",
    "texto": "#FFFFFF",
    "apagado": "#FFFFFF",
    "destaque": "#FFD400",
    "destaque_realce": "#FFE766",
    "destaque_apertado": "#FFF2AA",
    "sobre_destaque": "#000000",
    "destaque_texto": "#FFD400",
    "destaque_suave": "#332B00",
    "ok": "#4DFF88",
    "ok_suave": "#00330F",
    "aviso": "#FFD400",
    "aviso_suave": "#332B00",
    "erro": "#FF8080",
    "erro_suave": "#400000",
    "privado": "#E0B3FF",
    "privado_suave": "#2A0040",
    "mencao": "#332B00",
    "meu": "#001F3F",
    "selecao": "#005A80",
    "codigo": "#1A1A1A",
    "rolagem": "#00E5FF",
    "desativado": "#1A1A1A",
    "desativado_texto": "#B0B0B0",
    "dica_fundo": "#FFD400",
    "dica_texto": "#000000",
}

PALETAS: Mapping[str, Paleta] = MappingProxyType({
    "claro": MappingProxyType(_CLARO),
    "escuro": MappingProxyType(_ESCURO),
    "contraste": MappingProxyType(_CONTRASTE),
})
"""Nome da paleta → cores."""

TITULOS: Mapping[str, str] = MappingProxyType({
    "claro": "Claro",
    "escuro": "Escuro",
    "contraste": "Alto contraste",
})
"""Nome da paleta → como se mostra no menu."""

ESPESSURA_DA_BORDA: Mapping[str, float] = MappingProxyType({
    "claro": 1.0, "escuro": 1.0, "contraste": 2.0,
})
"""Espessura da borda em pontos lógicos: o alto contraste usa o dobro."""

# Texto branco sobre qualquer uma tem contraste ≥ 5,0.
CORES_DE_AVATAR = (
    "#3559D8", "#0B7285", "#257A37", "#A33C1E", "#9C36B5", "#C2255C",
    "#5F3DC4", "#7A5C00", "#0B6BB5", "#495057", "#8A3A00", "#1B6E6E",
    "#B02A6B", "#4A6A00", "#6B4FA0", "#2F6F4F",
)


def luminancia(cor: str) -> float:
    """Luminância relativa (0 a 1) de uma cor `#RRGGBB`."""
    canais = (int(cor[i:i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in canais)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contraste(uma: str, outra: str) -> float:
    """Razão de contraste (1 a 21) entre duas cores `#RRGGBB`."""
    maior, menor = sorted((luminancia(uma), luminancia(outra)), reverse=True)
    return (maior + 0.05) / (menor + 0.05)
