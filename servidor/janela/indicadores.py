"""Os quatro cartões do alto: usuários, salas, mensagens e tráfego, cada um com o seu gráfico."""

from __future__ import annotations

import tkinter as tk
from collections import deque
from functools import partial
from typing import Callable, Mapping, NamedTuple

from interface.componentes import Cartao, Dica, Grafico, Painel, Rotulo, RotuloComIcone
from interface.tema import Tema, tema_de
from servidor.janela.espaco import Espaco
from servidor.janela.formatos import (contar, formatar_bytes_por_s, formatar_hora, formatar_inteiro, formatar_ritmo)
from servidor.janela.medidas import PONTOS_DO_GRAFICO, Medida

_LARGURA_DO_GRAFICO = 90
_MARGEM = (15, 13)
_MARGEM_RESUMIDA = (14, 8)
_FOLGA, _FOLGA_DO_ICONE = 12, 7


class _Tipo(NamedTuple):
    """O que um indicador mostra e com que cara."""

    serie: str
    icone: str
    titulo: str
    titulo_curto: str
    cor: str
    largura_da_nota: float        # reservada: o gráfico não muda de lugar quando a nota muda de tamanho
    valor: Callable[[Medida], str]
    nota: Callable[[Medida], str]


def _nota_de_usuarios(medida: Medida) -> str:
    return f"pico de {formatar_inteiro(medida.pico)} às {formatar_hora(medida.pico_ms)}" if medida.pico else "ninguém ainda"


def _nota_de_salas(medida: Medida) -> str:
    return contar(medida.protegidas, "protegida", "protegidas") if medida.protegidas else "nenhuma protegida"


TIPOS = (
    _Tipo("usuarios", "usuarios", "Usuários agora", "Usuários", "destaque", 112,
          lambda m: formatar_inteiro(m.usuarios), _nota_de_usuarios),
    _Tipo("salas", "sala", "Salas abertas", "Salas", "aviso", 98,
          lambda m: formatar_inteiro(m.salas), _nota_de_salas),
    _Tipo("mensagens", "mensagem", "Mensagens por segundo", "Msg/s", "ok", 124,
          lambda m: formatar_ritmo(m.mensagens_por_s), lambda m: f"{formatar_inteiro(m.mensagens)} desde o início"),
    _Tipo("trafego", "raio", "Tráfego", "Rede", "privado", 136,
          lambda m: formatar_bytes_por_s(m.trafego_por_s),
          lambda m: f"↓ {formatar_bytes_por_s(m.recebidos_por_s)}   ↑ {formatar_bytes_por_s(m.enviados_por_s)}"),
)


class Indicadores(Painel):
    """A fila de indicadores. Numa janela apertada, cada um mostra só o título curto e o número."""

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

    def ajustar(self, espaco: Espaco) -> None:
        """Mostra em cada cartão o que cabe."""
        for cartao in self.cartoes:
            cartao.ajustar(espaco)


class Indicador(Cartao):
    """Um número grande, o que ele conta, uma nota e um gráfico."""

    def __init__(self, mestre: tk.Misc, tipo: _Tipo) -> None:
        super().__init__(mestre, margem=_MARGEM)
        self._tipo = tipo
        self._tema: Tema = tema_de(mestre)
        self._espaco = Espaco.AMPLO
        self._mais_largo = ""
        self.titulo = RotuloComIcone(self, tipo.icone, tipo.titulo, fonte="legenda", cor="apagado", folga=_FOLGA_DO_ICONE)
        self.valor = Rotulo(self, "0", fonte="display")
        self.nota = Rotulo(self, "", fonte="mini", cor="apagado")
        self.grafico = Grafico(self, tipo.cor, largura=_LARGURA_DO_GRAFICO, pontos=PONTOS_DO_GRAFICO)
        Dica(self.titulo.imagem, tipo.titulo)
        self.columnconfigure(1, weight=1)
        self.rowconfigure(2, weight=1)
        self._distribuir()
        self.bind("<Configure>", lambda _e: self._caber())
        self._tema.ao_mudar(self._caber)

    def mostrar(self, medida: Medida, series: Mapping[str, deque[float]]) -> None:
        """Mostra a medida de agora e a série que termina nela."""
        valor = self._tipo.valor(medida)
        self.valor.definir(valor)
        self._mais_largo = max(self._mais_largo, valor, key=partial(self._tema.fontes.medir, "titulo"))
        self._caber()
        self.nota.definir(self._tipo.nota(medida))
        self.grafico.definir(series[self._tipo.serie])

    def ajustar(self, espaco: Espaco) -> None:
        """Passa a uma linha só, ou volta a mostrar tudo."""
        if espaco is not self._espaco:
            self._espaco = espaco
            self._distribuir()

    def _distribuir(self) -> None:
        tema, tipo = self._tema, self._tipo
        tem_tudo = self._espaco is Espaco.AMPLO
        tema.vestir(self, padding=_MARGEM if tem_tudo else _MARGEM_RESUMIDA)
        self._caber()
        if not tem_tudo:
            self.nota.grid_remove()
            self.grafico.grid_remove()
            tema.dimensionar_coluna(self, 0, minsize=0)
            tema.gradear(self.titulo, row=0, column=0, columnspan=1, sticky="w")
            tema.gradear(self.valor, row=0, column=1, rowspan=1, sticky="e", padx=0, pady=0)
            return
        tema.dimensionar_coluna(self, 0, minsize=tipo.largura_da_nota)
        tema.gradear(self.titulo, row=0, column=0, columnspan=2, sticky="w")
        tema.gradear(self.valor, row=1, column=0, sticky="w", padx=0, pady=(4, 0))
        tema.gradear(self.nota, row=2, column=0, sticky="w")
        tema.gradear(self.grafico, row=1, column=1, rowspan=2, sticky="nsew", padx=(14, 0))

    def _caber(self) -> None:
        """Numa linha só, o título some e o número encolhe se encostariam um no outro.

        Conta-se com o número mais largo que já houve: assim nada vai e vem com ele.
        """
        tipo = self._tipo
        if self._espaco is Espaco.AMPLO:
            titulo, fonte = tipo.titulo, "display"
        else:
            cabe_titulo = self._espaco > Espaco.MINIMO and self._cabe(tipo.titulo_curto, "titulo")
            titulo, fonte = tipo.titulo_curto if cabe_titulo else "", "titulo" if self._cabe("", "titulo") else "subtitulo"
        if titulo != self.titulo.rotulo.cget("text"):
            self.titulo.definir(titulo)
        if self._tema.fonte(fonte) != str(self.valor.cget("font")):
            self._tema.vestir(self.valor, font=fonte)

    def _cabe(self, titulo: str, fonte: str) -> bool:
        px, medir = self._tema.px, self._tema.fontes.medir
        livre = self.winfo_width() - 2 * px(_MARGEM_RESUMIDA[0]) - self.titulo.imagem.winfo_reqwidth() - px(_FOLGA_DO_ICONE)
        return livre >= (medir("legenda", titulo) + px(_FOLGA) if titulo else 0) + medir(fonte, self._mais_largo)
