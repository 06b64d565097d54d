"""Os quatro cartões do alto: usuários, salas, mensagens e tráfego, cada um com o seu gráfico."""

from __future__ import annotations

import tkinter as tk
from collections import deque
from dataclasses import dataclass
from typing import Any, Callable, Mapping

from interface.componentes import Cartao, Painel, Rotulo, RotuloComIcone
from interface.tema import Tema, tema_de
from servidor.janela.formatos import (contar, formatar_bytes_por_s, formatar_hora, formatar_inteiro, formatar_ritmo)
from servidor.janela.medidas import Medida
from servidor.janela.minigrafico import Minigrafico

_LARGURA_PARA_MOSTRAR_TUDO = 215
_FOLGA = 12


@dataclass(frozen=True, slots=True)
class _Tipo:
    """O que um indicador mostra e com que cara."""

    serie: str
    icone: str
    titulo: str
    titulo_curto: str
    cor: str
    cor_suave: str
    largura_da_nota: float        # reservada: o gráfico não muda de lugar quando a nota muda de tamanho
    valor: Callable[[Medida], str]
    nota: Callable[[Medida], str]


def _nota_de_usuarios(medida: Medida) -> str:
    return f"pico de {formatar_inteiro(medida.pico)} às {formatar_hora(medida.pico_ms)}" if medida.pico else "ninguém ainda"


def _nota_de_salas(medida: Medida) -> str:
    return contar(medida.protegidas, "protegida", "protegidas") if medida.protegidas else "nenhuma protegida"


TIPOS = (
    _Tipo("usuarios", "usuarios", "Usuários agora", "Usuários", "destaque", "destaque_suave", 112,
          lambda m: formatar_inteiro(m.usuarios), _nota_de_usuarios),
    _Tipo("salas", "sala", "Salas abertas", "Salas", "aviso", "aviso_suave", 98,
          lambda m: formatar_inteiro(m.salas), _nota_de_salas),
    _Tipo("mensagens", "mensagem", "Mensagens por segundo", "Msg/s", "ok", "ok_suave", 124,
          lambda m: formatar_ritmo(m.mensagens_por_s), lambda m: f"{formatar_inteiro(m.mensagens)} desde o início"),
    _Tipo("trafego", "raio", "Tráfego", "Tráfego", "privado", "privado_suave", 136,
          lambda m: formatar_bytes_por_s(m.trafego_por_s),
          lambda m: f"↓ {formatar_bytes_por_s(m.recebidos_por_s)}   ↑ {formatar_bytes_por_s(m.enviados_por_s)}"),
)


class Indicadores(Painel):
    """A fila de indicadores. Sem espaço para tudo, cada um mostra só o título curto e o número."""

    def __init__(self, mestre: tk.Misc) -> None:
        super().__init__(mestre)
        tema = tema_de(mestre)
        self.cartoes = [Indicador(self, tipo) for tipo in TIPOS]
        for coluna, cartao in enumerate(self.cartoes):
            self.columnconfigure(coluna, weight=1, uniform="indicador")
            tema.gradear(cartao, row=0, column=coluna, sticky="nsew", padx=(_FOLGA if coluna else 0, 0))

    def mostrar(self, medida: Medida, series: Mapping[str, deque[float]]) -> None:
        """Mostra a medida de agora e as séries que terminam nela."""
        for cartao in self.cartoes:
            cartao.mostrar(medida, series)


class Indicador(Cartao):
    """Um número grande, o que ele conta, uma nota e um gráfico."""

    def __init__(self, mestre: tk.Misc, tipo: _Tipo) -> None:
        super().__init__(mestre, margem=(15, 13))
        self._tipo = tipo
        self._tema: Tema = tema_de(mestre)
        self._esta_resumido = False
        self._titulo = RotuloComIcone(self, tipo.icone, tipo.titulo, fonte="legenda", cor="apagado", folga=7)
        self._titulo.grid(row=0, column=0, columnspan=2, sticky="w")
        self.valor = Rotulo(self, "0", fonte="display")
        self._tema.gradear(self.valor, row=1, column=0, sticky="w", pady=(4, 0))
        self.nota = Rotulo(self, "", fonte="mini", cor="apagado")
        self.nota.grid(row=2, column=0, sticky="w")
        self.grafico = Minigrafico(self, tipo.cor, tipo.cor_suave)
        self._tema.gradear(self.grafico, row=1, column=1, rowspan=2, sticky="nsew", padx=(14, 0))
        self.columnconfigure(1, weight=1)
        self._tema.dimensionar_coluna(self, 0, minsize=tipo.largura_da_nota)
        self.rowconfigure(2, weight=1)
        self.bind("<Configure>", self._ao_mudar_de_tamanho)

    def mostrar(self, medida: Medida, series: Mapping[str, deque[float]]) -> None:
        """Mostra a medida de agora e a série que termina nela."""
        self.valor.definir(self._tipo.valor(medida))
        self.nota.definir(self._tipo.nota(medida))
        self.grafico.mostrar(series[self._tipo.serie])

    def _ao_mudar_de_tamanho(self, evento: tk.Event[Any]) -> None:
        deve_resumir = evento.width < self._tema.px(_LARGURA_PARA_MOSTRAR_TUDO)
        if deve_resumir == self._esta_resumido:
            return
        self._esta_resumido = deve_resumir
        self._titulo.definir(self._tipo.titulo_curto if deve_resumir else self._tipo.titulo)
        self._tema.dimensionar_coluna(self, 0, minsize=0 if deve_resumir else self._tipo.largura_da_nota)
        for widget in (self.nota, self.grafico):
            if deve_resumir:
                widget.grid_remove()
            else:
                widget.grid()
