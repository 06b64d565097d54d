"""O que a turma digita: cada endereço com a porta, um botão de copiar e a tela cheia para o projetor."""

from __future__ import annotations

import tkinter as tk
from typing import Any, Callable, Sequence

from interface.componentes import Botao, Cartao, Painel, Rotulo, RotuloComIcone
from interface.tema import tema_de
from servidor.configuracao import Configuracao
from servidor.janela.botao_de_copiar import BotaoDeCopiar
from servidor.janela.escolha import so_este_computador, todas_as_redes
from servidor.janela.espaco import Espaco
from servidor.janela.formatos import formatar_endereco
from servidor.janela.linha_de_seguranca import LinhaDeSeguranca

_VAO = 18
_TITULO, _TITULO_LOCAL = "Alunos conectam em", "Neste computador, conecte em"
_PROJETAR = "Mostrar em tela cheia"


def enderecos_a_mostrar(host: str, da_maquina: Sequence[str]) -> list[str]:
    """O que a turma digita para chegar a um servidor que atende em ``host``."""
    if not todas_as_redes(host):
        return [host]
    # 0.0.0.0 atende só IPv4; "::" atende os dois.
    return [endereco for endereco in da_maquina if ":" in host or ":" not in endereco] or ["127.0.0.1"]


def nota_sobre(host: str, da_maquina: Sequence[str]) -> str:
    """Uma frase sobre quem alcança este servidor; vazia quando não há o que avisar."""
    if so_este_computador(host):
        return "Para a turma entrar, pare o servidor e escolha “Toda a rede local”."
    if todas_as_redes(host) and not da_maquina:
        return "Este computador está sem rede: por enquanto, só programas dele conseguem entrar."
    return ""


class CartaoDeEnderecos(Cartao):
    """Os endereços quebram em quantas linhas for preciso. ``ao_projetar`` abre a tela cheia."""

    def __init__(self, mestre: tk.Misc, ao_projetar: Callable[[], None]) -> None:
        super().__init__(mestre, margem=(16, 10))
        self._tema = tema_de(mestre)
        self._mostrados: tuple[list[str], int, str] | None = None
        self._espaco = Espaco.AMPLO
        self._e_local = False
        self._titulo = RotuloComIcone(self, "wifi", _TITULO, cor="apagado", cor_do_icone="destaque", lado=18)
        self._tema.gradear(self._titulo, row=0, column=0, sticky="w", padx=(2, 14))
        self._area = Painel(self)
        self._area.grid(row=0, column=1, sticky="ew")
        self._area.bind("<Configure>", self._ao_mudar_de_tamanho)
        self._tema.ao_mudar(self._redistribuir)
        self.botao_de_projetar = Botao(self, _PROJETAR, ao_projetar, tipo="fantasma", icone="tela_cheia", dica="Endereço enorme, para o projetor")
        self._tema.gradear(self.botao_de_projetar, row=0, column=2, sticky="e", padx=(8, 0))
        self.nota = Rotulo(self, "", fonte="legenda", cor="apagado", quebra_sozinho=True)
        self.seguranca = LinhaDeSeguranca(self)
        self._tem_seguranca = False
        self.columnconfigure(1, weight=1)
        self.enderecos: list[LinhaDeEndereco] = []

    def mostrar(self, configuracao: Configuracao, porta: int, da_maquina: Sequence[str], impressao: str | None) -> None:
        """Mostra os endereços de um servidor e como ele se apresenta; sem mudança, não mexe em nada."""
        host = configuracao.host
        self._tem_seguranca = self.seguranca.mostrar(configuracao, impressao)
        self._mostrar_seguranca()
        enderecos = enderecos_a_mostrar(host, da_maquina)
        nota = nota_sobre(host, da_maquina)
        self._e_local = so_este_computador(host)
        self._mostrar_titulo()
        if self._mostrados == (enderecos, porta, nota):
            return
        self._mostrados = (enderecos, porta, nota)
        for velho in self.enderecos:
            velho.destroy()
        self.enderecos = [LinhaDeEndereco(self._area, endereco, porta, e_o_melhor=not n) for n, endereco in enumerate(enderecos)]
        self._distribuir(self._area.winfo_width())
        self.nota.definir(nota)
        self._mostrar_nota()

    def _mostrar_nota(self) -> None:
        if self._mostrados is not None and self._mostrados[2] and self._espaco is not Espaco.BAIXO:
            self._tema.gradear(self.nota, row=1, column=0, columnspan=3, sticky="ew", padx=(28, 0), pady=(4, 0))
        else:
            self.nota.grid_remove()

    def ajustar(self, espaco: Espaco) -> None:
        """Com pouco espaço, ficam os endereços e os ícones."""
        self._espaco = espaco
        self._mostrar_titulo()
        self._mostrar_seguranca()
        self._mostrar_nota()
        self.botao_de_projetar.definir(texto="" if espaco is Espaco.MINIMO else _PROJETAR)

    def _mostrar_seguranca(self) -> None:
        if self._tem_seguranca and self._espaco > Espaco.BAIXO:
            self._tema.gradear(self.seguranca, row=2, column=0, columnspan=3, sticky="ew", pady=(4, 0))
        else:
            self.seguranca.grid_remove()

    def _mostrar_titulo(self) -> None:
        titulo = _TITULO_LOCAL if self._e_local else _TITULO
        self._titulo.definir("" if self._espaco is Espaco.MINIMO else titulo)

    def _ao_mudar_de_tamanho(self, evento: tk.Event[Any]) -> None:
        self._distribuir(evento.width)

    def _redistribuir(self) -> None:
        self._distribuir(self._area.winfo_width())

    def _distribuir(self, largura_px: int) -> None:
        """Enche cada linha com quantos endereços couberem."""
        self.update_idletasks()
        vao, x, y, altura = self._tema.px(_VAO), 0, 0, 0
        for endereco in self.enderecos:
            largura = endereco.winfo_reqwidth()
            if x and x + largura > largura_px:
                x, y = 0, y + altura
            altura = endereco.winfo_reqheight()
            endereco.place(x=x, y=y)
            x += largura + vao
        self._area.configure(height=y + altura)


class LinhaDeEndereco(Painel):
    """Um endereço e o seu botão de copiar, que diz quando copiou."""

    def __init__(self, mestre: tk.Misc, endereco: str, porta: int, e_o_melhor: bool) -> None:
        super().__init__(mestre)
        self.texto = formatar_endereco(endereco, porta)
        self.rotulo = Rotulo(self, self.texto, fonte="subtitulo" if e_o_melhor else "corpo", cor="texto" if e_o_melhor else "apagado")
        self.rotulo.pack(side="left")
        self.botao = BotaoDeCopiar(self, lambda: self.texto, f"Copiar {self.texto}")
        tema_de(mestre).empacotar(self.botao, side="left", padx=(4, 0))
