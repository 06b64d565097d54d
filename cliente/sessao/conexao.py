"""Uma conexão com um servidor: uma thread, dona do socket, que só troca fatos e pedidos com a dona da sessão."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cliente.sessao.canal import Canal, CanalCifrado, CanalClaro
from cliente.sessao.cifragem import Cifragem, ErroDeCifra, SemCifra
from cliente.sessao.despertador import Despertador
from cliente.sessao.discagem import Desistiu, ErroDeDiscagem, discar
from cliente.sessao.entrega import Entrega
from cliente.sessao.falhas import Falha, TipoDeFalha, montar_falha
from cliente.sessao.fatos import Despertou, Fato, MediuLatencia, Saudou, Terminou
from cliente.sessao.interprete import PREFIXO_DO_PING, FimDaConexao, Interprete
from cliente.sessao.pulso import Batida, Pulso
from cliente.sessao.saudacao import montar_ola
from cliente.sessao.tipos import ServidorConhecido
from cliente.sessao.tomada import ajustar, fechar
from protocolo.cargas import montar_quadro

PRAZO_DA_SAUDACAO_S = 10.0
PRAZO_DO_QUADRO_S = 60.0
PRAZO_DO_ADEUS_S = 2.0
LEITURA_BYTES = 65_536
PEDIDOS_MAX = 5_000
SAIDA_MAX_BYTES = 4 * 1_048_576

_registro = logging.getLogger(__name__)


class Conexao:
    """Liga, saúda, lê, escreve, manda ``ping`` e percebe a linha morta, tudo numa thread só.

    Métodos públicos: da thread dona da sessão. Nenhum espera, a não ser ``esperar``. ``acordar`` é chamada na thread
    da rede, uma vez por leva de fatos.
    """

    def __init__(self, host: str, porta: int, cifragem: Cifragem, acordar: Callable[[], None],
                 relogio: Callable[[], float]) -> None:
        self._host, self._porta, self._relogio = host, porta, relogio
        self._cifragem = cifragem
        self._despertador = Despertador()
        self._entrega = Entrega(acordar)
        self._pedidos: deque[dict[str, Any]] = deque()
        self._quer_encerrar = False
        self._despertar_em_s: float | None = None
        self._thread = threading.Thread(target=self._executar, name="rede-do-cliente", daemon=True)
        # Daqui para baixo, só a thread da rede toca.
        self._interprete = Interprete(self._entrega.por, self._ao_saudar, self._ao_pong)
        self._canal: Canal = CanalClaro()
        self._ouviu_algo = False
        self._saida = bytearray()
        self._esta_pausada = False
        self._pings = 0
        self._pingou_s = 0.0
        self._ligou_s = 0.0
        self._adeus_ate_s: float | None = None
        self._quadro_desde_s: float | None = None

    # ------------------------------------------------------------------ thread dona

    def iniciar(self) -> None:
        """Põe a thread da rede a trabalhar. Uma vez só."""
        self._thread.start()

    def mandar(self, objeto: dict[str, Any]) -> None:
        """Enfileira um pedido. Mais de 5.000 à espera derruba a linha: o servidor não está lendo."""
        self._pedidos.append(objeto)
        self._despertador.tocar()

    def despertar_em(self, instante_s: float) -> None:
        """Pede um fato ``Despertou`` quando o relógio chegar a ``instante_s`` (vale só o pedido mais recente)."""
        self._despertar_em_s = instante_s
        self._despertador.tocar()

    def recolher(self, maximo: int) -> list[Fato]:
        """Até ``maximo`` fatos, em ordem."""
        fatos = self._entrega.recolher(maximo)
        if self._esta_pausada:
            self._despertador.tocar()
        return fatos

    @property
    def tem_fatos(self) -> bool:
        """Se ficou algo por recolher."""
        return self._entrega.tem_fatos

    def encerrar(self) -> None:
        """Despede-se (até 2 s) e fecha; dela não vem mais fato nem ``acordar``."""
        self._entrega.calar()
        self._quer_encerrar = True
        self._despertador.tocar()

    def esperar(self, tempo_limite_s: float) -> bool:
        """Espera a thread acabar; diz se acabou. Nunca na thread de uma janela viva."""
        self._thread.join(tempo_limite_s)
        return not self._thread.is_alive()

    @property
    def acabou(self) -> bool:
        """Se a thread da rede já terminou."""
        return not self._thread.is_alive()

    # ------------------------------------------------------------------ thread da rede

    def _executar(self) -> None:
        try:
            falha = self._viver()
        except Exception as erro:
            _registro.exception("defeito na thread da rede")
            falha = montar_falha(TipoDeFalha.DEFEITO, repr(erro))
        finally:
            self._despertador.fechar()
        self._entrega.por(Terminou(falha))

    def _viver(self) -> Falha | None:
        try:
            if self._cifragem.deve_tentar:
                try:
                    return self._ligar_e_conversar(CanalCifrado(self._cifragem))
                except SemCifra:
                    falha = self._cifragem.culpar_falta()
                    if falha is not None:
                        return falha
            return self._ligar_e_conversar(CanalClaro())
        except ErroDeDiscagem as erro:
            return erro.falha
        except Desistiu:
            return None

    def _ligar_e_conversar(self, canal: Canal) -> Falha | None:
        tomada = discar(self._host, self._porta, self._despertador, lambda: self._quer_encerrar, self._relogio)
        try:
            self._conversar(tomada, canal)
        except FimDaConexao as fim:
            return fim.falha
        finally:
            fechar(tomada)

    def _conversar(self, tomada: socket.socket, canal: Canal) -> None:
        self._ligou_s = self._relogio()
        self._pulso = Pulso(self._ligou_s)
        self._canal, self._ouviu_algo = canal, False
        self._saida = bytearray(canal.comecar())
        if canal.pronto:
            self._por_na_saida(montar_ola())
        with selectors.DefaultSelector() as seletor:
            seletor.register(tomada, selectors.EVENT_READ)
            seletor.register(self._despertador.ouvido, selectors.EVENT_READ)
            while True:
                self._passo(seletor, tomada)

    def _passo(self, seletor: selectors.BaseSelector, tomada: socket.socket) -> None:
        # A dona vem antes da espera: se ela esvaziou a fila depois de a pausa ser decidida, não há outro toque.
        self._atender_dona()
        self._escrever(tomada)
        ajustar(seletor, tomada, le=not self._esta_pausada, escreve=bool(self._saida))
        prontos = {chave.fileobj: mascara for chave, mascara in seletor.select(self._espera_s())}
        if self._despertador.ouvido in prontos:
            self._despertador.calar()
        if prontos.get(tomada, 0) & selectors.EVENT_READ:
            self._ler(tomada)
        self._conferir_prazos()

    def _atender_dona(self) -> None:
        if self._quer_encerrar and self._adeus_ate_s is None:
            self._comecar_adeus()
        if len(self._pedidos) > PEDIDOS_MAX:
            raise FimDaConexao(montar_falha(TipoDeFalha.LINHA_MORTA, "pedidos demais à espera"))
        while self._interprete.foi_saudado and self._pedidos:
            self._por_na_saida(self._pedidos.popleft())
        if self._esta_pausada and not self._entrega.esta_cheia:
            self._esta_pausada = False
            self._quadro_desde_s = None
            self._pulso.ao_receber(self._relogio())  # o silêncio era nosso, não do servidor
            self._tratar_quadros()

    def _comecar_adeus(self) -> None:
        if not self._interprete.foi_saudado:
            raise FimDaConexao(None)
        while self._pedidos:
            self._por_na_saida(self._pedidos.popleft())
        self._por_na_saida({"tipo": "encerrar"})
        self._adeus_ate_s = self._relogio() + PRAZO_DO_ADEUS_S
        self._esta_pausada = False

    def _por_na_saida(self, objeto: dict[str, Any]) -> None:
        self._saida += self._canal.levar(montar_quadro(objeto))
        self._pulso.ao_enviar(self._relogio())
        if len(self._saida) > SAIDA_MAX_BYTES:
            raise FimDaConexao(montar_falha(TipoDeFalha.LINHA_MORTA, "o servidor parou de ler"))

    def _escrever(self, tomada: socket.socket) -> None:
        if not self._saida:
            return
        try:
            enviados = tomada.send(self._saida)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            # O servidor pode ter explicado o fechamento: o que ele disse ainda se lê, e a leitura acha o fim.
            self._saida.clear()
            return
        del self._saida[:enviados]

    def _ler(self, tomada: socket.socket) -> None:
        try:
            dados = tomada.recv(LEITURA_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as causa:
            raise FimDaConexao(self._culpar_fim(TipoDeFalha.REDE_CAIU, str(causa))) from causa
        if not dados:
            raise FimDaConexao(self._culpar_fim(TipoDeFalha.FECHADA_PELO_SERVIDOR, "fim do fluxo"))
        self._ouviu_algo = True
        self._pulso.ao_receber(self._relogio())
        claros = self._decifrar(dados)
        if self._adeus_ate_s is None:
            self._interprete.alimentar(claros)
            self._tratar_quadros()

    def _decifrar(self, dados: bytes) -> bytes:
        estava_pronto = self._canal.pronto
        try:
            claros = self._canal.receber(dados)
        except ErroDeCifra as erro:
            raise FimDaConexao(erro.falha) from erro
        self._saida += self._canal.tirar_saida()
        if self._canal.pronto and not estava_pronto:
            self._por_na_saida(montar_ola())
        return claros

    def _culpar_fim(self, tipo: TipoDeFalha, detalhe: str) -> Falha | None:
        if self._adeus_ate_s is not None:
            return None
        if not self._canal.pronto and not self._ouviu_algo and self._cifragem.culpar_falta() is None:
            raise SemCifra  # desligou sem responder ao aperto de mão: talvez só não o entenda
        return montar_falha(tipo if self._interprete.foi_saudado else TipoDeFalha.FECHOU_SEM_FALAR, detalhe)

    def _tratar_quadros(self) -> None:
        while not self._esta_pausada:
            if not self._interprete.tratar():
                break
            self._quadro_desde_s = None
            self._esta_pausada = self._entrega.esta_cheia
        else:
            return
        if self._quadro_desde_s is None and self._interprete.tem_quadro_pela_metade():
            self._quadro_desde_s = self._relogio()

    def _ao_saudar(self, servidor: ServidorConhecido) -> None:
        certificado = self._canal.certificado()
        # O que o servidor diz de si não vale: cifrada é a conexão que nós ciframos.
        servidor = replace(servidor, cifrado=certificado is not None)
        self._entrega.por(Saudou(servidor, (self._relogio() - self._ligou_s) * 1000, certificado))

    def _ao_pong(self, identificacao: str) -> None:
        if identificacao == f"{PREFIXO_DO_PING}{self._pings}":
            self._entrega.por(MediuLatencia((self._relogio() - self._pingou_s) * 1000))

    # ---- prazos

    def _espera_s(self) -> float:
        prazos_s = self._prazos_s()
        return max(0.0, min(prazos_s) - self._relogio()) if prazos_s else PRAZO_DO_QUADRO_S

    def _prazos_s(self) -> list[float]:
        if self._adeus_ate_s is not None:
            return [self._adeus_ate_s]
        if not self._interprete.foi_saudado:
            return [self._ligou_s + PRAZO_DA_SAUDACAO_S]
        prazos_s: list[float] = []
        if not self._esta_pausada:
            prazos_s.append(self._pulso.proximo_s())
            if self._quadro_desde_s is not None:
                prazos_s.append(self._quadro_desde_s + PRAZO_DO_QUADRO_S)
        despertar_em_s = self._despertar_em_s
        if despertar_em_s is not None:
            prazos_s.append(despertar_em_s)
        return prazos_s

    def _conferir_prazos(self) -> None:
        agora_s = self._relogio()
        if self._adeus_ate_s is not None:
            if agora_s >= self._adeus_ate_s:
                raise FimDaConexao(None)
        elif not self._interprete.foi_saudado:
            if agora_s >= self._ligou_s + PRAZO_DA_SAUDACAO_S:
                raise FimDaConexao(montar_falha(TipoDeFalha.MUDO))
        else:
            self._conferir_despertar(agora_s)
            if not self._esta_pausada:
                self._conferir_vida(agora_s)

    def _conferir_despertar(self, agora_s: float) -> None:
        despertar_em_s = self._despertar_em_s
        if despertar_em_s is not None and agora_s >= despertar_em_s:
            # Se a dona marcou outro instante agora mesmo, este fato a faz marcar de novo.
            self._despertar_em_s = None
            self._entrega.por(Despertou())

    def _conferir_vida(self, agora_s: float) -> None:
        if self._quadro_desde_s is not None and agora_s >= self._quadro_desde_s + PRAZO_DO_QUADRO_S:
            raise FimDaConexao(montar_falha(TipoDeFalha.LINHA_MORTA, "quadro pela metade"))
        batida = self._pulso.bater(agora_s)
        if batida is Batida.MORTA:
            raise FimDaConexao(montar_falha(TipoDeFalha.LINHA_MORTA, "sem resposta ao ping"))
        if batida is Batida.PINGAR:
            self._pings += 1
            self._por_na_saida({"tipo": "ping", "id": f"{PREFIXO_DO_PING}{self._pings}"})
            self._pingou_s = agora_s
            self._pulso.ao_pingar(agora_s)
