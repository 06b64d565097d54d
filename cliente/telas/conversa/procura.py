"""A barra de procurar na conversa: anda pelos achados, do mais novo ao mais antigo, e segue pelo histórico do servidor."""

from __future__ import annotations

import tkinter as tk
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any

from cliente.sessao import Linha, Mensagem
from cliente.sessao.mudancas import AntigasChegaram, AntigasFalharam
from cliente.telas.conversa.leitura import Leitura
from interface.componentes import Botao, Busca, Painel, Rotulo
from interface.tema import tema_de

ENTRE_PAGINAS_MS = 60
"""O servidor atende 20 pedidos por segundo de cada um: sobra para quem continua conversando."""
_ACHADOS_MAX = 2_000
_NUMA_LINHA_A_PARTIR_DE = 620
_LITERAL = "***="
"""Diz ao Tcl que o resto da expressão é texto puro."""


class Procura(Painel):
    """Enter e ↑ vão ao achado anterior, ↓ e Shift+Enter ao seguinte; Esc para de procurar, ou fecha.

    Passando do achado mais antigo, pede ao servidor as mensagens de antes, página por página, até achar outro.
    """

    def __init__(self, mestre: tk.Misc, ao_fechar: Callable[[], object]) -> None:
        super().__init__(mestre, plano="superficie", margem=(16, 8, 16, 8))
        self._tema = tema_de(mestre)
        self._ao_fechar = ao_fechar
        self._leitura: Leitura | None = None
        self._achados: list[int] = []
        self._atual = 0
        self.esta_procurando = False
        """Se está lendo as mensagens antigas do servidor."""
        self._lidas = 0
        self._espera: str | None = None
        self._fechar = Botao(self, comando=ao_fechar, tipo="fantasma", icone="fechar", dica="Fechar (Esc)")
        self._fechar.pack(side="right")
        Botao(self, comando=lambda: self.andar(-1), tipo="fantasma", icone="baixo",
              dica="Achado seguinte (↓)").pack(side="right")
        Botao(self, comando=lambda: self.andar(1), tipo="fantasma", icone="cima",
              dica="Achado anterior (↑)").pack(side="right")
        self._situacao = Painel(self)
        self.antigas = Botao(self._situacao, comando=self._ao_pedir_antigas, tipo="fantasma", lado_do_icone=16)
        self._contagem = Rotulo(self._situacao, "", fonte="legenda", cor="apagado")
        self._tema.empacotar(self._contagem, side="left", padx=10)
        self.busca = Busca(self, "Procurar nesta conversa", self._ao_buscar, ao_confirmar=lambda: self.andar(1),
                           ao_descer=lambda: self.andar(-1))
        self.busca.pack(side="left", fill="x", expand=True)
        entrada = self.busca.entrada
        entrada.bind("<Up>", lambda _e: self.andar(1))
        entrada.bind("<Shift-Return>", lambda _e: self.andar(-1))
        entrada.bind("<Escape>", self._ao_escapar)
        self.bind("<Configure>", lambda _e: self._arrumar())

    def abrir(self, leitura: Leitura) -> None:
        """Começa a procurar nesta conversa."""
        self._leitura = leitura
        self.busca.focar()
        self._ao_buscar(self.busca.texto)

    def fechar(self) -> None:
        """Para de procurar e tira as marcas do que se achou."""
        self._parar()
        if self._leitura is not None and self._leitura.winfo_exists():
            self._limpar(self._leitura.folha.texto)
        self._leitura = None

    def desistir(self) -> bool:
        """Para de ler as antigas; diz se estava lendo."""
        estava = self.esta_procurando
        if estava:
            self._parar()
            self._dizer_contagem("parada")
        return estava

    def andar(self, passos: int) -> str:
        """Vai a outro achado; antes do mais antigo, procura no servidor; não havendo mais, dá a volta."""
        if passos > 0 and self._atual + passos >= len(self._achados) and self._tem_antigas:
            self._procurar_antigas()
        elif self._achados:
            self._parar()
            self._atual = (self._atual + passos) % len(self._achados)
            self._mostrar_atual()
        return "break"

    def destroy(self) -> None:
        """Desiste da página seguinte e destrói."""
        self._parar()
        super().destroy()

    # ------------------------------------------------------------------ as antigas

    def receber(self, leitura: Leitura, mudanca: AntigasChegaram | AntigasFalharam) -> None:
        """Vieram mais antigas, pedidas daqui ou por quem rolou; ou não vieram."""
        if leitura is not self._leitura:
            return
        if isinstance(mudanca, AntigasFalharam):
            if self.desistir():
                self._dizer_contagem("não deu para procurar mais")
            return
        tinha = len(self._achados)
        self._achados += self._filtrar(mudanca.mensagens)[:_ACHADOS_MAX - tinha]
        self._lidas += len(mudanca.mensagens)
        if not self.esta_procurando:
            self._dizer_contagem()
        elif len(self._achados) > tinha:
            self._parar()
            self._atual = tinha
            self._mostrar_atual()
        elif self._tem_antigas:
            self._dizer_contagem(f"procurando… {self._lidas} lidas")
            self._espera = self.after(ENTRE_PAGINAS_MS, self._pedir_pagina)
        else:
            self._acabar()

    @property
    def _tem_antigas(self) -> bool:
        return (self._leitura is not None and self._leitura.conversa.pode_ter_antigas
                and bool(self.busca.texto.strip()) and len(self._achados) < _ACHADOS_MAX)

    def _ao_pedir_antigas(self) -> None:
        if not self.desistir():
            self._procurar_antigas()
        self.busca.focar()

    def _procurar_antigas(self) -> None:
        if not self.esta_procurando:
            self.esta_procurando, self._lidas = True, 0
            self._dizer_contagem("procurando…")
            self._pedir_pagina()

    def _pedir_pagina(self) -> None:
        """Se já há uma página a caminho, pedida por quem rolou, é ela que se espera."""
        self._espera = None
        assert self._leitura is not None
        conversa = self._leitura.conversa
        if not conversa.pedir_antigas() and not conversa.esta_carregando:
            self.desistir()
            self._dizer_contagem("não deu para procurar mais")

    def _acabar(self) -> None:
        """Não há mais o que ler: ou se chegou ao começo, ou aqui não cabe mais."""
        self._parar()
        assert self._leitura is not None
        if self._leitura.conversa.ha_mais:
            self._dizer_contagem("só até aqui: exporte para ter tudo")
        else:
            self._dizer_contagem("" if self._achados else "nada encontrado")

    def _parar(self) -> None:
        self.esta_procurando = False
        if self._espera is not None:
            self.after_cancel(self._espera)
            self._espera = None

    # ------------------------------------------------------------------ os achados

    def _ao_escapar(self, _evento: tk.Event[Any]) -> str:
        if not self.desistir():
            self._ao_fechar()
        return "break"

    def _ao_buscar(self, _procurado: str) -> None:
        if self._leitura is None:
            return
        self._parar()
        self._achados = self._filtrar(self._leitura.conversa.linhas)[:_ACHADOS_MAX]
        self._atual = 0
        self._mostrar_atual()

    def _filtrar(self, linhas: Iterable[Linha]) -> list[int]:
        """Os números das mensagens que têm o que se procura, da mais nova à mais antiga."""
        procurado = self.busca.texto.strip().casefold()
        if not procurado:
            return []
        return [linha.numero for linha in reversed(tuple(linhas))
                if isinstance(linha, Mensagem) and procurado in linha.texto.casefold()]

    def _mostrar_atual(self) -> None:
        assert self._leitura is not None
        texto = self._leitura.folha.texto
        self._limpar(texto)
        self._dizer_contagem()
        if not self._achados:
            return
        procurado = self.busca.texto.strip()
        onde = self._leitura.mostrar_numero(self._achados[self._atual])
        self._marcar(texto, procurado, "achado", "1.0", "end")
        if onde is not None:
            self._marcar(texto, procurado, "achado_atual", *onde)
            achado = texto.tag_nextrange("achado_atual", *onde)
            texto.see(achado[0] if achado else onde[0])

    def _dizer_contagem(self, frase: str = "") -> None:
        """``3 de 12``; com ``+`` enquanto pode haver mais nas antigas."""
        quantos = len(self._achados)
        if not self.busca.texto.strip():
            partes = []
        elif quantos:
            partes = [f"{self._atual + 1} de {quantos}{'+' if self._tem_antigas else ''}", frase]
        else:
            partes = [frase or ("nada nas mais novas" if self._tem_antigas else "nada encontrado")]
        self._contagem.definir(" · ".join(parte for parte in partes if parte))
        if self.esta_procurando:
            self.antigas.definir(texto="Parar", icone="parar")
            self.antigas.definir_dica("Parar (Esc)")
        else:
            self.antigas.definir(texto="Procurar nas antigas", icone="relogio")
            self.antigas.definir_dica("Seguir pelas mensagens que só o servidor tem (Enter no último achado)")
        if self.esta_procurando or self._tem_antigas:
            self.antigas.pack(side="left")
        else:
            self.antigas.pack_forget()
        self._arrumar()

    def _arrumar(self) -> None:
        """Numa janela estreita a situação vai para baixo: o campo precisa caber."""
        if not self._contagem.cget("text"):
            self._situacao.pack_forget()
        elif self.winfo_width() >= self._tema.px(_NUMA_LINHA_A_PARTIR_DE):
            self._situacao.pack(side="right", before=self.busca)
        else:
            self._situacao.pack(side="bottom", anchor="w", before=self._fechar)

    def _marcar(self, texto: tk.Text, procurado: str, marca: str, inicio: str, fim: str) -> None:
        """Tudo numa chamada de achar e noutra de marcar: uma letra só pode estar em milhares de lugares."""
        tamanhos = tk.StringVar(self)
        # A procura exata sem diferenciar caixa derruba o Tk 8.6.13 numa linha com emoji; a de expressão, não.
        achados = texto.tk.splitlist(texto.tk.call(
            texto, "search", "-all", "-regexp", "-nocase", "-count", tamanhos, "--",
            _LITERAL + self._tema.para_tk(procurado), inicio, fim))
        # Só no que alguém escreveu: nem nomes, nem horas, nem avisos.
        do_corpo = [_ler_indice(str(indice)) for indice in texto.tag_ranges("corpo")]
        alcances: list[str] = []
        for achado, tamanho in zip(achados, texto.tk.splitlist(texto.tk.eval(f"set {tamanhos}"))):
            linha, coluna = _ler_indice(str(achado))
            if bisect_right(do_corpo, (linha, coluna)) % 2:
                alcances += f"{linha}.{coluna}", f"{linha}.{coluna + max(1, int(tamanho))}"
        if alcances:
            texto.tag_add(marca, *alcances)

    @staticmethod
    def _limpar(texto: tk.Text) -> None:
        texto.tag_remove("achado", "1.0", "end")
        texto.tag_remove("achado_atual", "1.0", "end")


def _ler_indice(indice: str) -> tuple[int, int]:
    linha, coluna = indice.split(".")
    return int(linha), int(coluna)
