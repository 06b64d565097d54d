"""A barra das salas em que se está, com quem se é e como vai a conexão."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cliente.sessao import Conversa, ConversaPrivada, Estado
from cliente.telas.aparencia import Aparencia
from cliente.telas.conversa.duas_listas import DuasListas
from cliente.telas.conversa.lugar import Lugar
from cliente.telas.conversa.quem_sou import QuemSou
from cliente.telas.recentes import montar_endereco
from cliente.telas.selo_da_cifra import SeloDaCifra
from interface.componentes import Botao, ItemDeMenu, ListaVirtual, Painel, Rotulo, TituloDeSecao
from interface.componentes.linha import Linha
from interface.imagens import avatar, icone, logo
from interface.tema import tema_de
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

LARGURA = 232
_ALTURA_DA_SALA = 34
_NAO_LIDAS_MAX = 99
_ESTADOS = {
    Estado.IDENTIFICADA: ("conectado", "ok"), Estado.CONECTANDO: ("reconectando…", "aviso"),
    Estado.SAUDADA: ("reconectando…", "aviso"), Estado.IDENTIFICANDO: ("reconectando…", "aviso"),
    Estado.AGUARDANDO_CONFIANCA: ("confira o servidor", "aviso"),
    Estado.CAIU: ("sem conexão", "erro"), Estado.DESCONECTADA: ("sem conexão", "erro"),
}


class Lateral(Painel):
    """``ao_mudar(lugar)``: o usuário escolheu outra conversa; ``ao_pedir_salas()``: quer a lista inteira.

    ``ao_pedir_menu(lugar, x, y)``: botão direito, ou a tecla Menu, numa conversa.
    """

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente, ao_mudar: Callable[[Lugar], object],
                 ao_pedir_salas: Callable[[], object], ao_pedir_menu: Callable[[Lugar, int, int], object]) -> None:
        super().__init__(mestre, plano="lateral", width=LARGURA)
        self.pack_propagate(False)
        self._tema = tema_de(mestre)
        self._janela, self._sessao = janela, janela.sessao
        self._ao_mudar, self._ao_pedir_menu = ao_mudar, ao_pedir_menu
        self._montar_servidor()
        self._montar_eu()
        self._listas = DuasListas(self)
        self._listas.pack(fill="both", expand=True)
        titulo = self._montar_titulo(self._listas, ao_pedir_salas)
        self.lista: ListaVirtual[Conversa] = self._montar_lista(self._desenhar_sala, lambda c: Lugar(c.sala))
        self.privadas: ListaVirtual[ConversaPrivada] = self._montar_lista(
            self._desenhar_privada, lambda c: Lugar(c.nome, True))
        titulo_das_privadas = TituloDeSecao(self._listas, "Privadas")
        titulo_das_privadas.configure(anchor="w")
        self._listas.montar((titulo, self.lista), (titulo_das_privadas, self.privadas), _ALTURA_DA_SALA, 14)

    def _montar_lista(self, desenhar: Callable[[Linha, Any], object],
                      ler_lugar: Callable[[Any], Lugar]) -> ListaVirtual[Any]:
        lista: ListaVirtual[Any] = ListaVirtual(
            self._listas, desenhar, altura=_ALTURA_DA_SALA, vao=0,
            ao_escolher=lambda _c, _conversa: self._janela.focar_a_tela(),
            ao_selecionar=lambda _c, conversa: self._ao_mudar(ler_lugar(conversa)),
            ao_pedir_menu=lambda _c, conversa, x, y: self._ao_pedir_menu(ler_lugar(conversa), x, y))
        # O clique é para ir escrever; as setas do teclado continuam na lista.
        lista.tela.bind("<ButtonRelease-1>", lambda _e: self._janela.focar_a_tela(), add=True)
        return lista

    def _montar_servidor(self) -> None:
        alto = Painel(self)
        self._tema.empacotar(alto, fill="x", padx=16, pady=(14, 8))
        Rotulo(alto, imagem=logo(28)).pack(side="left")
        coluna = Painel(alto)
        self._tema.empacotar(coluna, side="left", padx=(10, 0))
        self._servidor = Rotulo(coluna, "", fonte="forte")
        self._servidor.pack(anchor="w")
        linha = Painel(coluna)
        linha.pack(anchor="w")
        self.selo = SeloDaCifra(linha)
        self._tema.empacotar(self.selo, side="left", padx=(0, 5))
        self._endereco = Rotulo(linha, "", fonte="mini", cor="apagado")
        self._endereco.pack(side="left")

    def _montar_titulo(self, mestre: tk.Misc, ao_pedir_salas: Callable[[], object]) -> Painel:
        linha = Painel(mestre)
        TituloDeSecao(linha, "Salas").pack(side="left")
        self.outras = Botao(linha, comando=ao_pedir_salas, tipo="fantasma", icone="adicionar", lado_do_icone=16,
                            dica="Outras salas (Ctrl+K)")
        self.outras.pack(side="right")
        return linha

    def _montar_eu(self) -> None:
        pe = Painel(self)
        self._tema.empacotar(pe, side="bottom", fill="x", padx=(6, 6), pady=(8, 10))
        self.quem_sou = QuemSou(pe, self._janela.conta.listar_itens)
        self.quem_sou.pack(side="left")
        self.aparencia = Aparencia(pe, self._janela, self._listar_do_menu, "engrenagem",
                                   self._janela.chamados.listar_itens)
        self.aparencia.opcoes.definir_dica("Avisos, tamanho e tema (Ctrl+,)")
        self.aparencia.pack(side="right")

    def _listar_do_menu(self) -> list[ItemDeMenu]:
        return [ItemDeMenu("Trocar de servidor", self._janela.voltar_a_conectar, icone="porta")]

    # ------------------------------------------------------------------ para a tela

    def mostrar(self, lugar: Lugar | None) -> None:
        """Põe em dia as duas listas, marcando a conversa à vista."""
        privadas = sorted(self._sessao.privadas, key=lambda conversa: chave(conversa.nome))
        self._por(self.lista, [(chave(c.sala), c) for c in self._sessao.conversas], lugar, e_privada=False)
        self._por(self.privadas, [(chave(c.nome), c) for c in privadas], lugar, e_privada=True)

    def _por(self, lista: ListaVirtual[Any], itens: list[tuple[str, Any]], lugar: Lugar | None,
             e_privada: bool) -> None:
        mudou_o_tamanho = len(lista.chaves) != len(itens)
        e_aqui = lugar is not None and lugar.e_privada is e_privada
        # Sem seleção a lista não escolhe por si a vizinha de quem saiu.
        if not e_aqui or lugar is None or lista.selecionada != lugar.chave[1]:
            lista.selecionar(None)
        lista.definir(itens)
        if e_aqui and lugar is not None:
            lista.selecionar(lugar.chave[1])
        lista.redesenhar()
        if mudou_o_tamanho:
            self._listas.arrumar()

    def mostrar_quem_sou(self) -> None:
        """Nome, estado da conexão e latência."""
        frase, cor = _ESTADOS[self._sessao.estado]
        nome = self._sessao.nome or ""
        latencia = self._sessao.latencia_ms
        if self._sessao.estado is Estado.IDENTIFICADA and latencia is not None:
            frase = f"{frase} · {max(1, round(latencia))} ms"
        self.quem_sou.mostrar(nome, frase, cor)
        servidor = self._sessao.servidor
        titulo = self._tema.para_tk(servidor.nome if servidor is not None else "Chat Multissala")
        self._servidor.definir(self._tema.encurtar("forte", titulo, LARGURA - 72))
        endereco = montar_endereco(*self._janela.destino)
        self._endereco.definir(self._tema.encurtar("mini", endereco, LARGURA - 90))
        self.selo.mostrar(self._sessao)

    # ------------------------------------------------------------------ por dentro

    def _desenhar_sala(self, linha: Linha, conversa: Conversa) -> None:
        tem_novas, esta_silenciada = conversa.nao_lidas > 0, self._janela.chamados.esta_silenciada(conversa.sala)
        chama = tem_novas and not esta_silenciada
        cor = "destaque_texto" if linha.esta_selecionada else "texto" if chama else "apagado"
        linha.imagem(16, linha.meio, icone("cadeado" if self._janela.cadeados.tem(conversa.sala) else "sala", 16, cor))
        livre = linha.largura - 52
        if tem_novas:
            fundo, letra = ("borda", "apagado") if esta_silenciada else ("destaque", "sobre_destaque")
            livre -= linha.pilula(-12, linha.meio, _contar(conversa.nao_lidas), fundo, letra, "e") + 8
        if esta_silenciada:
            linha.imagem(livre + 40, linha.meio, icone("sino_mudo", 15, "apagado"), "e")
            livre -= 20
        linha.texto(42, linha.meio, conversa.sala, "forte" if linha.esta_selecionada or chama else "corpo", cor,
                    largura=livre)

    def _desenhar_privada(self, linha: Linha, conversa: ConversaPrivada) -> None:
        tem_novas = conversa.nao_lidas > 0
        cor = "privado" if linha.esta_selecionada or tem_novas else "apagado"
        linha.imagem(13, linha.meio, avatar(conversa.nome, 22, None, linha.fundo))
        livre = linha.largura - 52
        if tem_novas:
            livre -= linha.pilula(-12, linha.meio, _contar(conversa.nao_lidas), "privado", "superficie", "e") + 8
        linha.texto(42, linha.meio, conversa.nome, "forte" if linha.esta_selecionada or tem_novas else "corpo", cor,
                    largura=livre)


def _contar(nao_lidas: int) -> str:
    return str(nao_lidas) if nao_lidas <= _NAO_LIDAS_MAX else f"{_NAO_LIDAS_MAX}+"
