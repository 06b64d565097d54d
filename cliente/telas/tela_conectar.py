"""A primeira tela: a que servidor se ligar."""

from __future__ import annotations

import time
import tkinter as tk
from typing import TYPE_CHECKING

from cliente.sessao import ModoDeCifra
from cliente.telas.duracoes import dizer_ha_quanto
from cliente.telas.na_rede import NaRede
from cliente.telas.opcoes_da_conexao import OpcoesDaConexao
from cliente.telas.recado import Recado
from cliente.telas.recentes import ServidorRecente
from cliente.telas.tela import Tela
from cliente.telas.ultimos_servidores import UltimosServidores
from interface.componentes import Botao, Campo, Cartao, Faixa, Painel, PainelRolavel, Rotulo, RotuloComIcone
from interface.imagens import icone
from interface.tema import tema_de
from protocolo.limites import HOST_PADRAO, PORTA_MAX, PORTA_PADRAO

if TYPE_CHECKING:
    from cliente.sessao import Falha, ServidorAchado
    from cliente.telas.janela import JanelaDoCliente

_FOLGA_ENTRE_CARTOES = 16
_ESPERA_PARA_PROCURAR_MS = 600


class TelaConectar(Tela):
    """Endereço e porta, com os servidores da rede e os últimos ao lado."""

    passo = 0

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        super().__init__(mestre, janela)
        self._tema = tema_de(mestre)
        self.esta_conectando = False
        rolavel = PainelRolavel(self, centrado=True)
        rolavel.pack(fill="both", expand=True)
        self._meio = Painel(rolavel.dentro)
        self._tema.empacotar(self._meio, padx=16, pady=(8, 40))
        self._espera: str | None = None
        self._montar_cartao()
        self._vizinhos = Cartao(self._meio, margem=20)
        self.na_rede = NaRede(self._vizinhos, self._ao_escolher, self.janela.depois_de_aparecer)
        self.na_rede.pack(fill="both", expand=True)
        self.ultimos = UltimosServidores(self._vizinhos, self._ao_escolher)
        self.bind("<Configure>", lambda _e: self._arrumar())
        self._tema.ao_mudar(self._arrumar)

    def _montar_cartao(self) -> None:
        self._cartao = cartao = Cartao(self._meio, margem=28)
        Rotulo(cartao, "Conectar ao servidor", fonte="titulo").pack(anchor="w")
        self._tema.empacotar(Rotulo(cartao, "Peça o endereço ao professor ou escolha na lista.", cor="apagado"),
                             anchor="w", pady=(2, 18))
        self._montar_campos(cartao)
        memoria = self.janela.memoria
        modo = self.janela.tls_pedido or (ModoDeCifra.AUTO if memoria.quer_cifra else ModoDeCifra.NAO)
        self.opcoes = OpcoesDaConexao(cartao, ModoDeCifra(modo), memoria.deve_voltar, self.janela.escolher_voltar)
        self._tema.empacotar(self.opcoes, fill="x", pady=(16, 0))
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
        self.porta = Campo(linha, "Porta", str(PORTA_PADRAO), largura=8, ao_mudar=lambda _t: self._ao_mudar_porta())
        # A porta tem o seu lugar primeiro: faltando largura, quem cede é o endereço.
        self._tema.empacotar(self.porta, side="right", padx=(12, 0))
        self.host.pack(side="left", fill="x", expand=True)
        self.recado = Recado(cartao)
        for campo in (self.host, self.porta):
            for tecla in ("<Return>", "<KP_Enter>"):
                campo.entrada.bind(tecla, lambda _e: self._ao_confirmar())
            campo.entrada.bind("<Down>", lambda _e: self._ao_descer())

    # ------------------------------------------------------------------ a tela

    def dizer_titulo(self) -> str:
        """O começo do título da janela."""
        return "Conectar"

    def ao_chegar(self) -> None:
        """Mostra os servidores de antes, se houver, e procura os da rede."""
        recentes = self.janela.memoria.recentes
        conhecido = self.janela.confianca.conhecido
        lugares = [(recente.host, recente.porta) for recente in recentes]
        self.ultimos.definir(recentes, [lugar for lugar in lugares if conhecido(*lugar) is not None])
        if recentes:
            self._tema.empacotar(self.ultimos, fill="x", pady=(14, 0))
        else:
            self.ultimos.pack_forget()
        self._arrumar()
        self._dizer_andamento("")
        self.na_rede.comecar(self._listar_portas())

    def ao_partir(self) -> None:
        """Fora daqui não se procura ninguém."""
        self._deixar_de_esperar()
        self.na_rede.parar()

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
        from cliente.sessao import CAMPO_PORTA
        from cliente.telas.falhas_da_cifra import DA_CIFRA

        self.mostrar_tentativa(False)
        if falha.tipo in DA_CIFRA:
            self.opcoes.mostrar_erro(falha.frase + DA_CIFRA[falha.tipo])
            self.opcoes.cifra.focus_set()
            return
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

    def _ao_escolher(self, servidor: ServidorAchado | ServidorRecente) -> None:
        if not self.esta_conectando:
            self.preencher(servidor.host, servidor.porta)
            self._ao_confirmar()

    def _ao_descer(self) -> None:
        """Dos campos às listas; uma lista vazia não serve para nada."""
        for lista in (self.na_rede.lista, self.ultimos.lista):
            if lista.chaves:
                lista.focar()
                return

    def _ao_mudar_porta(self) -> None:
        """A porta que se digita também é uma em que procurar, depois de digitada."""
        self._limpar_erro()
        if self.na_rede.esta_procurando:
            self._deixar_de_esperar()
            self._espera = self.janela.agendar(_ESPERA_PARA_PROCURAR_MS, self._procurar_outra_vez)

    def _procurar_outra_vez(self) -> None:
        self._espera = None
        self.na_rede.comecar(self._listar_portas())

    def _deixar_de_esperar(self) -> None:
        if self._espera is not None:
            self.janela.desagendar(self._espera)
            self._espera = None

    def _listar_portas(self) -> list[int]:
        digitada = self.porta.texto.strip()
        tem_porta = digitada.isascii() and digitada.isdigit() and len(digitada) <= len(str(PORTA_MAX))
        portas = [int(digitada)] if tem_porta and 0 < int(digitada) <= PORTA_MAX else []
        return [*portas, *(recente.porta for recente in self.janela.memoria.recentes)]

    def _arrumar(self) -> None:
        """Os outros servidores ficam ao lado; se não cabem, embaixo."""
        px = self._tema.px
        largura = self._cartao.winfo_reqwidth() + self._vizinhos.winfo_reqwidth() + px(_FOLGA_ENTRE_CARTOES + 48)
        cabe_ao_lado = self.winfo_width() >= largura
        lado = "left" if cabe_ao_lado else "top"
        folga = (_FOLGA_ENTRE_CARTOES, 0)
        self._cartao.pack(side=lado, fill="both")
        self._tema.empacotar(self._vizinhos, side=lado, fill="both", padx=folga if cabe_ao_lado else 0,
                             pady=0 if cabe_ao_lado else folga)

    def _limpar_erro(self) -> None:
        for campo in (self.host, self.porta):
            campo.entrada.state(["!invalid"])
        self.recado.pack_forget()
        self.opcoes.limpar_erro()
        self._faixa.esconder()

    def _dizer_andamento(self, texto: str) -> None:
        recentes = self.janela.memoria.recentes
        dica = _dizer_ultimo(recentes[0]) if recentes else f"{HOST_PADRAO} é este próprio computador."
        self.andamento.definir(texto or dica)
        self.andamento.imagem.definir(imagem=icone("wifi" if texto else "info", 14, "destaque" if texto else "apagado"))


def _dizer_ultimo(recente: ServidorRecente) -> str:
    return f"Último usado: {recente.endereco}, {dizer_ha_quanto(max(0.0, time.time() - recente.quando_s))}"
