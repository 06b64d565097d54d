"""Os servidores que respondem na rede deste computador, ao vivo."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from cliente.telas.este_computador import e_este_computador
from cliente.telas.recentes import montar_endereco
from interface.componentes import ListaVirtual, Painel, Pilula, RotuloComIcone
from interface.componentes.linha import Linha
from interface.imagens import icone
from interface.ponte import Ponte
from interface.tema import tema_de

if TYPE_CHECKING:
    from cliente.sessao import Procura, ServidorAchado

_ALTURA_DO_ACHADO = 58
_A_VISTA = 3
_LARGURA = 300
_VAZIO = "Nenhum servidor respondeu ainda. Se o seu não aparecer aqui, digite o endereço."


class NaRede(Painel):
    """``ao_escolher(achado)``: Enter ou dois cliques. Só se procura entre ``comecar`` e ``parar``."""

    def __init__(self, mestre: tk.Misc, ao_escolher: Callable[[ServidorAchado], object],
                 depois_de_aparecer: Callable[[Callable[[], object]], object]) -> None:
        """``depois_de_aparecer(acao)`` é o da janela: a primeira procura espera que a tela se veja."""
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._ponte = Ponte(self, lambda _aviso: self._mostrar())
        self._depois_de_aparecer = depois_de_aparecer
        self._deve_procurar = False
        self._portas: list[int] = []
        topo = Painel(self)
        topo.pack(fill="x")
        RotuloComIcone(topo, "wifi", "Na sua rede", fonte="subtitulo", cor_do_icone="destaque", lado=18).pack(side="left")
        Pilula(topo, "PROCURANDO…").pack(side="right")
        self.lista: ListaVirtual[ServidorAchado] = ListaVirtual(
            self, self._desenhar, altura=_ALTURA_DO_ACHADO, ao_escolher=lambda _c, achado: ao_escolher(achado),
            vazio=_VAZIO)
        self._tema.vestir(self.lista.tela, width=_LARGURA, height=_A_VISTA * (_ALTURA_DO_ACHADO + 4))
        self._tema.empacotar(self.lista, fill="both", expand=True, pady=(12, 0))

    @cached_property
    def procura(self) -> Procura:
        """Quem pergunta pela rede; só nasce quando a tela já está à vista."""
        from cliente.sessao import Procura

        return Procura(lambda: self._ponte.por(None))

    @property
    def esta_procurando(self) -> bool:
        """Se já se procura, ou se isso está por instantes."""
        return self._deve_procurar or self._ja_procurou and self.procura.esta_procurando

    @property
    def _ja_procurou(self) -> bool:
        return "procura" in vars(self)

    def comecar(self, portas: Iterable[int]) -> None:
        """Põe-se a procurar nessas portas e na de sempre; recomeça se já procurava."""
        self.parar()
        self._portas = list(portas)
        self._deve_procurar = True
        if self._ja_procurou:
            self._procurar()
        else:
            self._depois_de_aparecer(self._procurar)

    def parar(self) -> None:
        """Não procura mais."""
        self._deve_procurar = False
        if self._ja_procurou:
            self.procura.parar()

    def destroy(self) -> None:
        """Para de procurar e fecha a ponte antes de sumir."""
        self.parar()
        self._ponte.fechar()
        super().destroy()

    def _procurar(self) -> None:
        if self._deve_procurar:     # senão, já se desistiu
            self._deve_procurar = False
            self.procura.comecar(self._portas)
            self._mostrar()

    def _mostrar(self) -> None:
        achados = tirar_repetidos(self.procura.achados)
        self.lista.definir([((achado.host, achado.porta), achado) for achado in achados])

    def _desenhar(self, linha: Linha, achado: ServidorAchado) -> None:
        meio = linha.meio
        linha.imagem(16, meio, icone("servidor", 20, "destaque"))
        quantos = linha.texto(-14, meio - 9, f"{achado.usuarios} on-line", "legenda", "ok", "e")
        if achado.cifrado:
            linha.imagem(-14, meio + 10, icone("cadeado", 13, "apagado"), "e")
        linha.texto(48, meio - 9, achado.nome, "forte", largura=linha.largura - 72 - quantos)
        linha.texto(48, meio + 9, montar_endereco(achado.host, achado.porta), "legenda", "apagado",
                    largura=linha.largura - 84)


def tirar_repetidos(achados: Iterable[ServidorAchado]) -> list[ServidorAchado]:
    """Sem os que são deste computador visto pela rede: quem responde de dentro dele não pode ser imitado de fora."""
    todos = list(achados)
    daqui = {_identificar(achado) for achado in todos if e_este_computador(achado.host)}
    return [achado for achado in todos if e_este_computador(achado.host) or _identificar(achado) not in daqui]


def _identificar(achado: ServidorAchado) -> tuple[str, int, str | None]:
    return achado.nome, achado.porta, achado.impressao
