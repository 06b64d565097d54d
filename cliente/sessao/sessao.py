"""A sessão: o que uma tela (ou o terminal) usa para conversar com um servidor.

Uso, sempre da mesma thread (a da janela, ou a do terminal)::

    sessao = Sessao(acordar)          # ``acordar`` é chamada de outra thread: só deve pôr um aviso na fila da dona
    sessao.conectar("127.0.0.1", 12345)
    ...                               # a cada vez que ``acordar`` for chamada:
    for mudanca in sessao.bombear():
        mostrar(mudanca)
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from cliente.sessao import mudancas as m
from cliente.sessao.acoes import Acoes
from cliente.sessao.agenda import Agenda
from cliente.sessao.cifragem import Cifragem
from cliente.sessao.confianca import Confianca
from cliente.sessao.correio import Correio
from cliente.sessao.discagem import ErroDeDiscagem, conferir_endereco
from cliente.sessao.efeitos import Efeitos
from cliente.sessao.falhas import Falha, TipoDeFalha
from cliente.sessao.fatos import Avisou, Despertou, Fato, MediuLatencia, Respondeu, Saudou, Terminou
from cliente.sessao.identidade import Identidade
from cliente.sessao.ligacao import Ligacao
from cliente.sessao.modelo import Modelo
from cliente.sessao.moderacao import Moderacao
from cliente.sessao.pedidos import CONEXAO_CAIU, Pedidos
from cliente.sessao.porteiro import Porteiro
from cliente.sessao.reconexao import Reconexao
from cliente.sessao.tipos import Certificado, Estado, ModoDeCifra
from protocolo.limites import HISTORICO_MAX

FATOS_POR_VEZ = 200
_FRASE_DE_ENCERRADA = "A conexão foi encerrada antes da confirmação desta mensagem."
_SEM_VOLTA = frozenset({TipoDeFalha.BANIDO})
_SEM_FICHA = frozenset({TipoDeFalha.BANIDO, TipoDeFalha.EXPULSO})

_registro = logging.getLogger(__name__)


class Sessao(Acoes):
    """Fachada do cliente sem janela. Um só dono: todos os métodos são da thread que a criou.

    Nenhum método espera pela rede, a não ser ``esperar_o_fim``. Tudo o que acontece volta por ``bombear``; o que um
    comando muda na hora também.
    """

    def __init__(self, acordar: Callable[[], None], relogio: Callable[[], float] = time.monotonic, *,
                 reconectar_sozinha: bool = True, confianca: Confianca | None = None,
                 perguntar_confianca: bool = False) -> None:
        """``acordar`` pode ser chamada de qualquer thread; não deve esperar nem tocar em Tk (``Ponte.por`` serve).

        ``confianca`` guarda os certificados aceitos (sem ela, só na memória desta sessão). Com ``perguntar_confianca``
        um certificado nunca visto para em AGUARDANDO_CONFIANCA; senão aceita-se, com ``CertificadoAceito``.
        """
        self._dona = threading.get_ident()
        self._acordar, self._relogio = acordar, relogio
        self.estado = Estado.DESCONECTADA
        self.host, self.porta = "", 0
        self._tls = ModoDeCifra.AUTO
        self._confianca = Confianca() if confianca is None else confianca
        self._perguntar_confianca = perguntar_confianca
        self._por_confiar: Certificado | None = None
        self._ligacao = Ligacao(acordar, relogio)
        self._reconexao = Reconexao(relogio, reconectar_sozinha)
        self._acompanha = False
        self._tratadores: dict[type, Callable[[Any], None]] = {
            Saudou: self._ao_saudar, Respondeu: self._ao_responder, Avisou: self._ao_avisar,
            MediuLatencia: self._ao_medir, Despertou: lambda _: None, Terminou: self._ao_terminar,
        }
        self._montar()

    def _montar(self) -> None:
        """O que se sabe de um servidor: tudo novo a cada ``conectar``."""
        self._agenda = Agenda()
        self._modelo = Modelo(_hora_ms)
        self._pedidos = Pedidos(self._ligacao.mandar, self._adiar)
        self._identidade = Identidade(self._modelo, self._pedidos, self._mudar_estado, self._ao_identificar)
        self._porteiro = Porteiro(self._modelo, self._pedidos, self._historico_max)
        self._moderacao = Moderacao(self._modelo, self._pedidos)
        self._efeitos = Efeitos(self._modelo, self._porteiro, self._identidade, self._ao_encerrar_por_comando)
        self._correio = Correio(self._modelo, self._pedidos, self._agenda, self._relogio, self._tem_nome_e_linha,
                                self._efeitos.aplicar)
        self._acompanha = False
        self.servidor = self.latencia_ms = self.certificado = self._por_confiar = None

    # ------------------------------------------------------------------ conexão

    def conectar(self, host: str, porta: int | str, tls: str = ModoDeCifra.AUTO) -> None:
        """Procura o servidor (até 10 s). Dá ``EstadoMudou`` para SAUDADA, ``CertificadoDesconhecido`` ou
        ``ConexaoFalhou``. ``tls``: ``auto``, ``nao`` ou ``exigir``.
        """
        self.voltar_para_conectar()
        self._tls = ModoDeCifra(tls)
        try:
            self.host, self.porta = conferir_endereco(host, porta)
        except ErroDeDiscagem as erro:
            self._modelo.contar(m.ConexaoFalhou(erro.falha))
            return
        self._discar()

    def confiar(self) -> None:
        """Em AGUARDANDO_CONFIANCA: aceita o certificado, de agora em diante só ele, e liga outra vez."""
        self._conferir_thread()
        if self.estado is Estado.AGUARDANDO_CONFIANCA and self._por_confiar is not None:
            self._confianca.confiar(self.host, self.porta, self._por_confiar)
            self._por_confiar = None
            self._discar()

    def recusar_certificado(self) -> None:
        """Em AGUARDANDO_CONFIANCA: desiste deste servidor; nada foi mandado."""
        self._conferir_thread()
        if self.estado is Estado.AGUARDANDO_CONFIANCA and self.nome is None:
            self.voltar_para_conectar()
        else:
            self.parar_de_reconectar()  # o que se guardou do servidor de antes continua guardado

    def esquecer_certificado(self, host: str, porta: int) -> None:
        """O servidor foi reinstalado: o próximo certificado dele será tratado como o primeiro. Depois, ``conectar``."""
        self._conferir_thread()
        self._confianca.esquecer(host, porta)

    def reconectar(self) -> None:
        """Volta já ao mesmo servidor, com o mesmo nome, às mesmas salas, e manda o que ficou por mandar.

        Vale em CAIU e, antes de haver nome, em DESCONECTADA depois de um ``conectar``. Falha dá ``ConexaoFalhou``.
        """
        self._conferir_thread()
        if self.host and self.estado in (Estado.CAIU, Estado.DESCONECTADA):
            self._reconexao.ao_pedir()
            self._discar()

    def reconectar_agora(self) -> None:
        """O mesmo que ``reconectar``: não espera pela tentativa marcada (e as seguintes voltam a ser sozinhas)."""
        self.reconectar()

    def reconectar_sozinha(self, sim: bool) -> None:
        """Se, caindo a linha, a sessão tenta voltar sem que ninguém peça. Vale também para os próximos servidores."""
        self._conferir_thread()
        self._reconexao.ligar(sim)

    def parar_de_reconectar(self) -> None:
        """Não tenta mais voltar sozinha; nada do que se guarda se perde. Dá ``TentativasPararam``."""
        self._conferir_thread()
        if self.estado is not Estado.CAIU and not self.retomando:
            return
        self._reconexao.parar()
        if self.retomando:
            self._largar_a_linha()
        self._modelo.contar(m.TentativasPararam())
        self._acordar()

    def voltar_para_conectar(self) -> None:
        """Larga o servidor e esquece nome, salas e ficha: estado DESCONECTADA.

        O que não foi confirmado volta em ``ItemDevolvido``.
        """
        self._conferir_thread()
        self._ligacao.largar()
        self._ligacao.calar()
        self._reconexao.esquecer()
        self._modelo.contar_devolvidos(self._modelo.caixa.devolver_tudo(CONEXAO_CAIU, _FRASE_DE_ENCERRADA))
        self._mudar_estado(Estado.DESCONECTADA)
        por_contar = self._modelo.esvaziar()
        self._montar()
        for mudanca in por_contar:
            self._modelo.contar(mudanca)
        self.host, self.porta = "", 0
        self._acordar()

    def encerrar(self) -> None:
        """Despede-se e fecha, sem esperar (a rede tem até 2 s). Serve também para fechar a janela."""
        self.voltar_para_conectar()

    def esperar_o_fim(self, tempo_limite_s: float = 2.5) -> bool:
        """Depois de ``encerrar`` e do fim do laço de eventos: espera as threads da rede. Diz se acabaram."""
        return self._ligacao.esperar_o_fim(tempo_limite_s)

    # ------------------------------------------------------------------ o coração

    def bombear(self) -> list[m.Mudanca]:
        """Aplica o que a rede contou (até 200 fatos por vez; se sobrar, chama ``acordar``) e diz o que mudou."""
        self._conferir_thread()
        modelo = self._modelo
        for fato in self._ligacao.recolher(FATOS_POR_VEZ):
            if self._modelo is not modelo:
                break  # largamos o servidor no meio da leva: o resto é dele
            self._aplicar(fato)
        self._agenda.cumprir(self._relogio())
        if self.estado is Estado.CAIU and self._reconexao.venceu():
            self._discar()
        if self._tem_nome_e_linha():
            self._porteiro.buscar_faltas()
            self._correio.despachar()
        self._ligacao.rearmar(self.proximo_prazo_s)
        return self._modelo.esvaziar()

    def _aplicar(self, fato: Fato) -> None:
        try:
            self._tratadores[type(fato)](fato)
        except Exception:
            # Um fato ruim não pode parar a conversa inteira.
            _registro.exception("defeito ao tratar %s", type(fato).__name__)

    def _ao_saudar(self, fato: Saudou) -> None:
        self.servidor, self.latencia_ms, self.certificado = fato.servidor, fato.latencia_ms, fato.certificado
        if fato.certificado is not None and self._confianca.conhecido(self.host, self.porta) is None:
            self._confianca.confiar(self.host, self.porta, fato.certificado)
            self._modelo.contar(m.CertificadoAceito(self.host, self.porta, fato.certificado))
        self._mudar_estado(Estado.SAUDADA)
        self._modelo.contar(m.LatenciaMedida(fato.latencia_ms))
        if self.nome is not None:
            self._identidade.pedir(self.nome)

    def _ao_responder(self, fato: Respondeu) -> None:
        self._pedidos.resolver(fato.objeto)

    def _ao_avisar(self, fato: Avisou) -> None:
        self._modelo.aplicar(fato.tipo, fato.campos)

    def _ao_medir(self, fato: MediuLatencia) -> None:
        self.latencia_ms = fato.latencia_ms
        self._modelo.contar(m.LatenciaMedida(fato.latencia_ms))

    def _ao_terminar(self, fato: Terminou) -> None:
        falha = fato.falha
        if falha is None:
            return
        estava_conectando = self.estado is Estado.CONECTANDO
        if falha.tipo is TipoDeFalha.CERTIFICADO_DESCONHECIDO and falha.certificado is not None:
            self._esperar_confianca(falha.certificado)
            return
        self._largar_a_linha()
        if falha.tipo in _SEM_FICHA:
            self._identidade.esquecer_ficha()
        self._contar_queda(falha, estava_conectando)
        if self.estado is Estado.CAIU:
            self._marcar_volta(falha)

    def _esperar_confianca(self, certificado: Certificado) -> None:
        # A conexão já se fechou: quem lê a impressão digital com calma não corre contra o prazo do servidor.
        self._ligacao.largar()
        self._por_confiar = certificado
        self._mudar_estado(Estado.AGUARDANDO_CONFIANCA)
        self._modelo.contar(m.CertificadoDesconhecido(self.host, self.porta, certificado))

    def _largar_a_linha(self) -> None:
        self._ligacao.largar()
        self._agenda.esquecer()
        self._correio.a_linha_caiu()
        self._porteiro.a_linha_caiu()
        self._mudar_estado(Estado.DESCONECTADA if self.nome is None else Estado.CAIU)
        self._pedidos.falhar_todos()

    def _marcar_volta(self, falha: Falha) -> None:
        espera_s = self._reconexao.marcar(falha.tipo)
        if espera_s is not None:
            self._modelo.contar(m.NovaTentativaMarcada(self._reconexao.numero, espera_s))
        elif self._reconexao.esta_ligada:
            self._modelo.contar(m.TentativasPararam())

    def _contar_queda(self, falha: Falha, estava_conectando: bool) -> None:
        if estava_conectando:
            self._modelo.contar(m.ConexaoFalhou(falha))
        else:
            self._modelo.contar(m.ConexaoCaiu(falha, pode_reconectar=falha.tipo not in _SEM_VOLTA))

    def _ao_identificar(self, salas: list[str], retomada: bool, mudou_de_nome: bool) -> None:
        self._reconexao.ao_voltar()
        if retomada:
            self._correio.preparar_volta(mudou_de_nome)
            self._porteiro.voltar_a_todas(salas)
        if self._acompanha:
            self._listar()

    def _ao_encerrar_por_comando(self) -> None:
        self.voltar_para_conectar()
        self._modelo.contar(m.Encerrou())

    def _listar(self) -> None:
        if self.estado is Estado.IDENTIFICADA:
            self._porteiro.listar_salas(self._acompanha)

    # ------------------------------------------------------------------ ajudas

    def _discar(self) -> None:
        self._reconexao.ao_tentar()
        self._mudar_estado(Estado.CONECTANDO)
        conhecido = self._confianca.conhecido(self.host, self.porta)
        self._ligacao.abrir(self.host, self.porta, Cifragem(self._tls, conhecido, self._perguntar_confianca))
        self._acordar()

    def _adiar(self, espera_s: float, acao: Callable[[], None]) -> None:
        self._agenda.marcar(self._relogio() + espera_s, acao)

    def _mudar_estado(self, para: Estado) -> None:
        if para is not self.estado:
            de, self.estado = self.estado, para
            self._modelo.contar(m.EstadoMudou(de, para))

    def _tem_nome_e_linha(self) -> bool:
        return self.estado is Estado.IDENTIFICADA

    def _historico_max(self) -> int:
        return HISTORICO_MAX if self.servidor is None else self.servidor.historico_max

    def _conferir_thread(self) -> None:
        assert threading.get_ident() == self._dona, "a sessão é só da thread que a criou"


def _hora_ms() -> int:
    return time.time_ns() // 1_000_000
