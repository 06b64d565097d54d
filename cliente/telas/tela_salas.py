"""A lista viva de salas: procurar, escolher, entrar."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from cliente.sessao import SalaListada
from cliente.sessao.mudancas import (
    EntradaRecusada, EntrouNaSala, EstadoMudou, ListaDeSalasMudou, Mudanca, PedidoFalhou, SalaMudou, SalaRemovida,
)
from cliente.telas.tela import Tela
from interface.componentes import Botao, Busca, Cartao, Faixa, ListaVirtual, Painel, Rotulo
from interface.componentes.linha import Linha
from interface.imagens import Ladrilho, icone
from interface.tema import tema_de
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

LARGURA_MAX = 760
ENTRE_DESENHOS_MS = 100
_MARGEM = 20
_ALTURA_DA_SALA = 62
_MUDAM_A_LISTA = (ListaDeSalasMudou, SalaMudou, SalaRemovida)


class TelaSalas(Tela):
    """A primeira sala já vem escolhida: Enter entra."""

    passo = 2

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        super().__init__(mestre, janela)
        self._tema = tema_de(mestre)
        self._desenho: str | None = None
        self._entrando: str | None = None
        self._painel = Painel(self)
        self.bind("<Configure>", lambda _e: self._arrumar())
        self._tema.ao_mudar(self._arrumar)
        self._montar_alto()
        self._montar_cartao()

    def _montar_alto(self) -> None:
        self.alto = alto = Painel(self._painel)
        self._tema.empacotar(alto, fill="x", pady=(4, 12))
        self.voltar = Botao(alto, "Voltar", self.ao_voltar, tipo="fantasma", icone="volta")
        self._titulo = Rotulo(alto, "Escolha uma sala", fonte="titulo")
        self._titulo.pack(side="left")
        self.nova = Botao(alto, "Nova sala", self._ao_pedir_nova, tipo="primario", icone="adicionar",
                          dica="Criar uma sala (Ctrl+N)")
        self.nova.pack(side="right")
        self._tema.empacotar(self.voltar, side="right", padx=(0, 8))

    def _montar_cartao(self) -> None:
        cartao = Cartao(self._painel, margem=14)
        self._tema.empacotar(cartao, fill="both", expand=True, pady=(0, 20))
        alto = Painel(cartao)
        self._tema.empacotar(alto, fill="x", pady=(0, 8))
        self._contagem = Rotulo(alto, "", fonte="legenda", cor="apagado")
        self.busca = Busca(alto, "Procurar sala pelo nome ou assunto", self._ao_buscar, largura=40,
                           ao_confirmar=self._ao_confirmar, ao_descer=self._ao_descer)
        self._tema.empacotar(self._contagem, side="right", padx=(14, 4))
        self.busca.pack(side="left", fill="x", expand=True)
        self._faixa = Faixa(cartao, pady=(0, 8))
        self.lista: ListaVirtual[SalaListada] = ListaVirtual(
            cartao, self._desenhar_sala, altura=_ALTURA_DA_SALA, ao_escolher=lambda _c, sala: self._entrar(sala))
        self.lista.pack(fill="both", expand=True)
        self.lista.tela.bind("<KeyPress>", self._ao_teclar_na_lista, add=True)
        self.bind_all("<Control-n>", self._ao_teclar_nova, add=True)

    # ------------------------------------------------------------------ a tela

    def dizer_titulo(self) -> str:
        """O começo do título da janela."""
        return "Salas"

    def ao_chegar(self) -> None:
        """Pede a lista e as suas mudanças."""
        self._entrando = None
        self._faixa.esconder()
        self.sessao.acompanhar_salas()
        self._mostrar_lista()
        self.voltar.definir(texto="Voltar à conversa" if self.sessao.conversas or self.sessao.privadas else "Voltar")

    def ao_partir(self) -> None:
        """Fora daqui a lista não interessa."""
        self.sessao.parar_de_acompanhar()

    def focar(self) -> None:
        """A lista, com a primeira sala já escolhida; quem digita passa a procurar."""
        self.lista.focar()

    def ao_voltar(self) -> None:
        """À conversa, se já se está em alguma sala; senão, ao nome."""
        self.janela.voltar_das_salas()

    def receber(self, mudanca: Mudanca) -> None:
        """A lista muda no máximo dez vezes por segundo, chegue o que chegar."""
        if isinstance(mudanca, _MUDAM_A_LISTA):
            self._pedir_desenho()
        elif isinstance(mudanca, EntradaRecusada) and not mudanca.criando:
            self._entrando = None
            if self.janela.tela is not self:
                return  # a senha da sala tem a sua tela, e é lá que a recusa se mostra
            self._faixa.mostrar(f"#{mudanca.sala}: {mudanca.frase}", "erro")
            self._tema.empacotar(self._faixa, fill="x", pady=(0, 8), before=self.lista)
        elif isinstance(mudanca, (EntrouNaSala, EstadoMudou)):
            self._entrando = None
            if isinstance(mudanca, EntrouNaSala) and not mudanca.voltou:
                self.busca.limpar()  # achou-se o que se procurava
        elif isinstance(mudanca, PedidoFalhou) and mudanca.pedido == "salas":
            self._faixa.mostrar(mudanca.frase, "erro")
            self._tema.empacotar(self._faixa, fill="x", pady=(0, 8), before=self.lista)

    # ------------------------------------------------------------------ tratadores

    def _ao_buscar(self, _texto: str) -> None:
        self._mostrar_lista()
        self.lista.selecionar_primeira()

    def _ao_confirmar(self) -> None:
        self.lista.escolher()

    def _ao_descer(self) -> None:
        self.lista.focar()

    def _ao_pedir_nova(self) -> None:
        tela = self.janela.ir_para("nova_sala")
        if not self.lista.chaves:
            tela.preencher(self.busca.texto)  # type: ignore[attr-defined]
        self.janela.focar_a_tela()

    def _ao_teclar_nova(self, _evento: tk.Event[tk.Misc]) -> str | None:
        if self.janela.tela is not self:
            return None
        self._ao_pedir_nova()
        return "break"

    def _ao_teclar_na_lista(self, evento: tk.Event[tk.Misc]) -> str | None:
        """Uma letra digitada na lista vai para a busca."""
        if len(evento.char) != 1 or not evento.char.isprintable() or evento.char == " ":
            return None
        self.busca.entrada.focus_set()
        self.busca.entrada.insert("end", evento.char)
        return "break"

    def _entrar(self, sala: SalaListada) -> None:
        if self._entrando is None:
            self._entrando = sala.sala
            self._faixa.esconder()
            self.sessao.entrar(sala.sala)

    # ------------------------------------------------------------------ desenho

    def _arrumar(self) -> None:
        """A coluna fica no meio e não passa de uma largura boa de ler."""
        px = self._tema.px
        largura = min(px(LARGURA_MAX), self.winfo_width() - 2 * px(_MARGEM))
        self._painel.place(relx=0.5, rely=0, relheight=1, width=max(1, largura), anchor="n")

    def _pedir_desenho(self) -> None:
        if self._desenho is None and self.janela.tela is self:
            self._desenho = self.janela.agendar(ENTRE_DESENHOS_MS, self._desenhar_ja)

    def _desenhar_ja(self) -> None:
        self._desenho = None
        self._mostrar_lista()

    def _mostrar_lista(self) -> None:
        todas = self.sessao.salas
        procurado = chave(self.busca.texto.strip().removeprefix("#"))
        achadas = [s for s in todas if procurado in chave(s.sala) or procurado in chave(s.assunto)]
        tinha = bool(self.lista.chaves)
        self.lista.definir([(chave(s.sala), s) for s in achadas])
        if self.lista.selecionada is None or not tinha:
            self.lista.selecionar_primeira()
        self._contagem.definir(_contar(len(achadas), len(todas), self.sessao.lista_completa))

    def _desenhar_sala(self, linha: Linha, sala: SalaListada) -> None:
        meio = linha.meio
        fundo, cor = ("aviso_suave", "aviso") if sala.protegida else ("superficie" if linha.esta_selecionada else
                                                                        "lateral", "destaque")
        linha.imagem(16, meio, Ladrilho("cadeado" if sala.protegida else "sala", fundo, cor, 40))
        linha.imagem(-16, meio, icone("vai", 16, "apagado"), "e")
        linha.texto(-60, meio, str(sala.membros), "forte", "texto", "w")
        linha.imagem(-84, meio, icone("usuario", 16, "apagado"))
        livre = linha.largura - 70 - 150
        ha_dentro = self.sessao.conversa(sala.sala) is not None
        etiquetas = [texto for texto, vale in (("VOCÊ ESTÁ AQUI", ha_dentro), ("FIXA", sala.fixa)) if vale]
        largura = linha.texto(70, meio - 10, sala.sala, "forte", largura=livre - 70 * len(etiquetas))
        x = 70 + largura + 10
        for texto in etiquetas:
            cores = ("ok_suave", "ok") if texto != "FIXA" else ("realce", "apagado")
            x += linha.pilula(x, meio - 10, texto, *cores) + 6
        linha.texto(70, meio + 10, sala.assunto or _dizer_criador(sala), "legenda", "apagado", largura=livre)


def _dizer_criador(sala: SalaListada) -> str:
    return f"criada por {sala.criador}" if sala.criador else "sala de todos"


def _contar(achadas: int, todas: int, esta_completa: bool) -> str:
    if not esta_completa:
        return "procurando…" if not todas else f"{todas} salas até agora…"
    if achadas == todas:
        return "1 sala" if todas == 1 else f"{todas} salas"
    return f"{achadas} de {todas} salas"
