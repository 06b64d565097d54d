"""A primeira tela: a que servidor se ligar."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from cliente.sessao import CAMPO_PORTA, Falha
from cliente.telas.datas import dizer_ha_quanto
from cliente.telas.recado import Recado
from cliente.telas.recentes import ServidorRecente
from cliente.telas.tela import Tela
from interface.componentes import Botao, Campo, Cartao, Faixa, ListaVirtual, Painel, PainelRolavel, Rotulo
from interface.componentes import RotuloComIcone
from interface.componentes.linha import Linha
from interface.imagens import icone
from interface.tema import tema_de
from protocolo.limites import PORTA_PADRAO

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

HOST_PADRAO = "127.0.0.1"
_LARGURA_DOS_RECENTES = 290
_ALTURA_DO_RECENTE = 58
_FOLGA_ENTRE_CARTOES = 16


class TelaConectar(Tela):
    """Endereço e porta, com os últimos servidores ao lado."""

    passo = 0

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        super().__init__(mestre, janela)
        self._tema = tema_de(mestre)
        self.esta_conectando = False
        rolavel = PainelRolavel(self, centrado=True)
        rolavel.pack(fill="both", expand=True)
        self._meio = Painel(rolavel.dentro)
        self._tema.empacotar(self._meio, padx=16, pady=(8, 40))
        self._montar_cartao()
        self._recentes = _Recentes(self._meio, self._ao_escolher_recente)
        self.bind("<Configure>", lambda _e: self._arrumar())
        self._tema.ao_mudar(self._arrumar)

    def _montar_cartao(self) -> None:
        self._cartao = cartao = Cartao(self._meio, margem=28)
        Rotulo(cartao, "Conectar ao servidor", fonte="titulo").pack(anchor="w")
        self._tema.empacotar(Rotulo(cartao, "Peça o endereço e a porta ao professor.", cor="apagado"),
                             anchor="w", pady=(2, 18))
        self._montar_campos(cartao)
        self._faixa = Faixa(cartao, pady=(14, 0))
        self.botao = Botao(cartao, "Conectar", self._ao_acionar, tipo="grande")
        self._tema.empacotar(self.botao, fill="x", pady=(20, 0))
        # O lugar da linha de andamento existe sempre: nada pula quando ela aparece.
        self.andamento = RotuloComIcone(cartao, "info", " ", fonte="legenda", cor="apagado", lado=14)
        self._tema.empacotar(self.andamento, anchor="w", pady=(14, 0))
        self._dizer_andamento("")

    def _montar_campos(self, cartao: Painel | Cartao) -> None:
        linha = Painel(cartao)
        linha.pack(fill="x")
        self.host = Campo(linha, "Endereço", HOST_PADRAO, largura=26, ao_mudar=lambda _t: self._limpar_erro())
        self.host.pack(side="left", fill="x", expand=True)
        self.porta = Campo(linha, "Porta", str(PORTA_PADRAO), largura=8, ao_mudar=lambda _t: self._limpar_erro())
        self._tema.empacotar(self.porta, side="left", padx=(12, 0))
        self.recado = Recado(cartao)
        for campo in (self.host, self.porta):
            for tecla in ("<Return>", "<KP_Enter>"):
                campo.entrada.bind(tecla, lambda _e: self._ao_confirmar())

    # ------------------------------------------------------------------ a tela

    def dizer_titulo(self) -> str:
        """O começo do título da janela."""
        return "Conectar"

    def ao_chegar(self) -> None:
        """Mostra os servidores de antes, se houver."""
        self._recentes.definir(self.janela.memoria.recentes)
        self._arrumar()
        self._dizer_andamento("")

    def focar(self) -> None:
        """No primeiro campo vazio; tudo preenchido, no endereço, e Enter já conecta."""
        campo = self.porta if self.host.texto.strip() and not self.porta.texto.strip() else self.host
        campo.focar()

    def ao_voltar(self) -> None:
        """Esc desiste da tentativa."""
        if self.esta_conectando:
            self.janela.desistir_de_conectar()

    def preencher(self, host: str, porta: int | str) -> None:
        """Põe um endereço nos campos."""
        self.host.texto, self.porta.texto = host, str(porta)

    def mostrar_tentativa(self, esta_conectando: bool) -> None:
        """Enquanto se procura o servidor, o botão cancela e os campos esperam."""
        self.esta_conectando = esta_conectando
        if esta_conectando:
            self._limpar_erro()
            self._dizer_andamento(f"Procurando {self.host.texto.strip()}, porta {self.porta.texto.strip()}…")
        else:
            self._dizer_andamento("")
        self.botao.definir(texto="Cancelar" if esta_conectando else "Conectar",
                           tipo="normal" if esta_conectando else "grande")
        for campo in (self.host, self.porta):
            campo.entrada.state(["readonly" if esta_conectando else "!readonly"])

    def mostrar_falha(self, falha: Falha) -> None:
        """Ao lado do campo culpado, ou numa faixa com um botão para tentar de novo."""
        self.mostrar_tentativa(False)
        if falha.campo is None:
            self._faixa.mostrar(falha.frase, "erro", "Tentar de novo", self._ao_confirmar, pode_fechar=False)
            self.botao.focus_set()
            return
        campo = self.porta if falha.campo == CAMPO_PORTA else self.host
        campo.entrada.state(["invalid"])
        self.recado.mostrar(falha.frase)
        self._tema.empacotar(self.recado, fill="x", pady=(6, 0), after=self.host.master)
        campo.focar()

    # ------------------------------------------------------------------ tratadores

    def _ao_acionar(self) -> None:
        if self.esta_conectando:
            self.janela.desistir_de_conectar()
        else:
            self._ao_confirmar()

    def _ao_confirmar(self) -> str:
        if not self.esta_conectando:
            self._limpar_erro()
            self.janela.conectar(self.host.texto, self.porta.texto)
        return "break"

    def _ao_escolher_recente(self, recente: ServidorRecente) -> None:
        if not self.esta_conectando:
            self.preencher(recente.host, recente.porta)
            self._ao_confirmar()

    def _arrumar(self) -> None:
        """Os servidores de antes ficam ao lado; se não cabem, embaixo; não havendo, não aparecem."""
        px = self._tema.px
        largura = self._cartao.winfo_reqwidth() + self._recentes.winfo_reqwidth() + px(_FOLGA_ENTRE_CARTOES + 48)
        cabe_ao_lado = self.winfo_width() >= largura
        lado = "left" if cabe_ao_lado else "top"
        self._cartao.pack(side=lado, fill="both")
        if self._recentes.lista.chaves:
            folga = (_FOLGA_ENTRE_CARTOES, 0)
            self._tema.empacotar(self._recentes, side=lado, fill="both", padx=folga if cabe_ao_lado else 0,
                                 pady=0 if cabe_ao_lado else folga)
        else:
            self._recentes.pack_forget()

    def _limpar_erro(self) -> None:
        for campo in (self.host, self.porta):
            campo.entrada.state(["!invalid"])
        self.recado.pack_forget()
        self._faixa.esconder()

    def _dizer_andamento(self, texto: str) -> None:
        recentes = self.janela.memoria.recentes
        dica = _dizer_ultimo(recentes[0]) if recentes else f"{HOST_PADRAO} é este próprio computador."
        self.andamento.definir(texto or dica)
        self.andamento.imagem.definir(imagem=icone("wifi" if texto else "info", 14, "destaque" if texto else "apagado"))


def _dizer_ultimo(recente: ServidorRecente) -> str:
    return f"Último usado: {recente.endereco}, {dizer_ha_quanto(max(0.0, time.time() - recente.quando_s))}"


class _Recentes(Cartao):
    """Os últimos servidores; Enter ou dois cliques ligam já."""

    def __init__(self, mestre: tk.Misc, ao_escolher: Callable[[ServidorRecente], object]) -> None:
        super().__init__(mestre, margem=20)
        self._tema = tema_de(mestre)
        topo = RotuloComIcone(self, "relogio", "Últimos servidores", fonte="subtitulo", cor_do_icone="destaque", lado=18)
        topo.pack(anchor="w")
        self.lista: ListaVirtual[ServidorRecente] = ListaVirtual(
            self, self._desenhar, altura=_ALTURA_DO_RECENTE, ao_escolher=lambda _c, recente: ao_escolher(recente))
        self._tema.vestir(self.lista.tela, width=_LARGURA_DOS_RECENTES, height=2 * _ALTURA_DO_RECENTE)
        self._tema.empacotar(self.lista, fill="both", expand=True, pady=(12, 0))

    def definir(self, recentes: list[ServidorRecente]) -> None:
        """Troca os servidores mostrados."""
        self.lista.definir([((recente.host, recente.porta), recente) for recente in recentes])

    def _desenhar(self, linha: Linha, recente: ServidorRecente) -> None:
        linha.imagem(16, linha.meio, icone("servidor", 20, "destaque" if linha.esta_selecionada else "apagado"))
        quando = dizer_ha_quanto(max(0.0, time.time() - recente.quando_s)) if recente.quando_s else ""
        largura = linha.texto(-14, linha.meio - 9, quando, "mini", "apagado", "e")
        titulo = recente.nome or recente.host
        linha.texto(48, linha.meio - 9, titulo, "forte", largura=linha.largura - 70 - largura)
        linha.texto(48, linha.meio + 9, recente.endereco, "legenda", "apagado",
                    largura=linha.largura - 64)
