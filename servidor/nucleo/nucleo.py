"""O núcleo: bytes e acontecimentos entram, quadros e eventos saem. Sem E/S, sem espera.

Quem o usa chama, sempre da mesma thread, :meth:`Nucleo.comecar_lote`, depois o que aconteceu
(:meth:`conectou`, :meth:`recebeu`, :meth:`caiu`, …) e por fim :meth:`terminar_lote`, que grava e
devolve as conexões com quadros a enviar.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from protocolo.atalho import ler_mensagem
from protocolo.cargas import decodificar
from protocolo.erros import Codigo, ErroDeProtocolo, ErroQuadroGrande, ErroQuadroInvalido
from protocolo.limites import INVALIDOS_SEGUIDOS_MAX
from protocolo.mensagens import conferir_pedido, ler_id, ler_tipo
from servidor.nucleo import operador, presenca
from servidor.nucleo.central import COM_LIMITE_PROPRIO, Central
from servidor.nucleo.conexao import Conexao, Etapa, Pedido
from servidor.nucleo.eventos import ConexaoAceita, ConexaoFechada, Endereco, Evento, PedidoRecusado, QuadrosVistos, Retrato
from servidor.nucleo.portas import Arquivo, ErroDeLeitura, Oficina, Relogio, Sorteio
from servidor.nucleo.regras import Regras
from servidor.nucleo.retomada import retomar
from servidor.nucleo.tratadores import TRATADORES
from servidor.nucleo.tratadores.conexao import desconectar
from servidor.nucleo.tratadores.mensagens import falar, falar_de_uma_vez

_DE_QUALQUER_HORA = frozenset({"ping", "encerrar"})


class Nucleo:
    """A conversa inteira. Não é seguro entre threads: tem uma dona só."""

    def __init__(
        self,
        regras: Regras,
        arquivo: Arquivo,
        relogio: Relogio,
        sorteio: Sorteio,
        oficina: Oficina,
        publicar: Callable[[Evento], None],
    ) -> None:
        self._central = Central(regras, arquivo, relogio, sorteio, oficina, publicar)
        self._central.ao_desocupar = self._desocupar
        retomar(self._central)

    # --- o lote ----------------------------------------------------------------

    def comecar_lote(self) -> None:
        """Acerta o relógio do lote."""
        self._central.acertar_relogio()

    def terminar_lote(self) -> list[Conexao]:
        """Cumpre os prazos vencidos, grava e devolve as conexões que têm o que enviar ou devem fechar."""
        central = self._central
        central.agenda.cumprir(central.agora_s)
        central.assentar()
        com_saida, central.com_saida = central.com_saida, []
        return com_saida

    def proximo_prazo_s(self) -> float | None:
        """O instante do relógio em que algo vence mesmo que nada aconteça."""
        return self._central.agenda.proximo_s()

    # --- o que acontece com as conexões -------------------------------------------

    def conectou(self, endereco: Endereco, *, cifrada: bool = False) -> Conexao:
        """Uma conexão nova."""
        central = self._central
        conexao = Conexao(endereco, central.agora_s, cifrada=cifrada)
        central.conexoes.add(conexao)
        central.publicar(ConexaoAceita(endereco))
        central.porteiro.chegou(conexao)
        if central.porteiro.esta_apinhado():
            self._recusar(conexao, None, None, ErroDeProtocolo(Codigo.SERVIDOR_CHEIO, conexao.excesso))
            central.fechar(conexao, "servidor cheio")
        self._vigiar(conexao)
        return conexao

    def recebeu(self, conexao: Conexao, dados: bytes) -> None:
        """Chegaram bytes; trata os quadros que eles completam."""
        self._central.observacao.bytes_recebidos += len(dados)
        if conexao.fechando:
            return
        if self._central.regras.exige_tls and not conexao.cifrada:
            self._recusar(conexao, None, None, ErroDeProtocolo(Codigo.EXIGE_TLS))
            self._central.fechar(conexao, "conexão sem TLS")
            return
        conexao.leitor.alimentar(dados)
        self.retomar_leitura(conexao)

    def retomar_leitura(self, conexao: Conexao) -> None:
        """Trata os pedidos já recebidos, enquanto a conexão puder lê-los (§9.2)."""
        leitor = conexao.leitor
        falar_de_uma_vez(self._central, conexao)
        while conexao.pode_ler():
            try:
                carga = leitor.proximo()
            except ErroQuadroGrande as erro:
                self._recusar(conexao, None, None, erro)
                self._central.fechar(conexao, "quadro grande demais")
                return
            if carga is None:
                self._vigiar_quadro(conexao)
                return
            conexao.ultimo_quadro_s = self._central.agora_s
            conexao.quadro_desde_s = None
            self._tratar(conexao, carga)

    def _desocupar(self, conexao: Conexao) -> None:
        # O silêncio enquanto esperava a oficina não era dele, e o prazo que venceu nesse meio tempo ficou por vigiar.
        conexao.ultimo_quadro_s = self._central.agora_s
        self.retomar_leitura(conexao)
        self._vigiar(conexao)
        # Mesmo sem nada a dizer, a rede precisa saber que este leitor pode continuar.
        if not conexao.saida:
            self._central.com_saida.append(conexao)

    def levou(self, conexao: Conexao, enviados_bytes: int, esperando_bytes: int) -> None:
        """A rede conta o que enviou desta conexão e o que ainda espera; destrava a leitura se esvaziou."""
        self._central.observacao.bytes_enviados += enviados_bytes
        conexao.esperando_bytes = esperando_bytes + sum(map(len, conexao.saida))
        if esperando_bytes or conexao.represada:
            self._represar(conexao, esperando_bytes)
        if conexao.contida:
            self.retomar_leitura(conexao)

    def _represar(self, conexao: Conexao, esperando_bytes: int) -> None:
        lenta = self._central.represa.anotar(conexao, 0 if conexao.fechando else esperando_bytes)
        if lenta is not None:
            self.derrubar(lenta, "lento_demais", "O cliente não lê o que lhe é enviado.")

    def caiu(self, conexao: Conexao) -> None:
        """A conexão acabou, por qualquer motivo."""
        central = self._central
        if conexao not in central.conexoes:
            return
        central.conexoes.discard(conexao)
        central.porteiro.saiu(conexao)
        central.represa.anotar(conexao, 0)
        # O que ela mandou antes de acabar é gravado e respondido; daqui em diante nada mais lhe vai.
        central.assentar()
        conexao.fechando = True
        if conexao.vigia is not None:
            # O prazo pode estar a minutos daqui; quem se liga e cai sem parar não enche a memória até lá.
            conexao.vigia.desistir()
        central.avisos.acompanhar(conexao, False)
        usuario = conexao.usuario
        if usuario is not None:
            central.usuarios.levantar(usuario)
            presenca.cair(central, usuario)
        duracao_s = central.agora_s - conexao.desde_s
        central.publicar(
            ConexaoFechada(conexao.endereco, usuario and usuario.nome, conexao.motivo, duracao_s)
        )

    def derrubar(self, conexao: Conexao, motivo: str, texto: str | None = None) -> None:
        """Fecha dizendo por quê: ``lento_demais``, ``tempo_esgotado`` ou ``encerrando`` (§7.3)."""
        if not conexao.fechando:
            desconectar(self._central, conexao, motivo, texto)

    def encerrar(self) -> None:
        """O servidor vai parar: avisa a todos. Conta como queda, com 60 s de espera ao voltar."""
        self._central.assentar()
        for conexao in list(self._central.conexoes):
            self.derrubar(conexao, "encerrando", "O servidor está encerrando.")

    # --- quem opera e quem observa ---------------------------------------------------

    def operar(self, linha: str) -> None:
        """Cumpre um comando de quem opera o servidor; a resposta sai como evento."""
        operador.operar(self._central, linha)

    @property
    def trancado(self) -> bool:
        """Quem opera mandou não receber ninguém novo. Vale de qualquer thread."""
        return self._central.trancado

    def trancar(self, sim: bool) -> None:
        """Passa a não receber ninguém novo, ou volta a receber."""
        self._central.trancado = sim

    def observar(self, sim: bool) -> None:
        """Liga ou desliga a contagem do que mudou; ligada, o próximo retrato é completo."""
        self._central.observacao.ligar(sim)

    def inspecionar(self, sim: bool) -> None:
        """Liga ou desliga a coleta dos quadros que passam."""
        self._central.inspecao.ligar(sim)

    def quadros_vistos(self) -> QuadrosVistos:
        """Os quadros coletados desde a vez anterior."""
        return self._central.inspecao.tirar()

    def retratar(self, *, medir_todos: bool) -> Retrato | None:
        """O que mudou desde o retrato anterior, ou ``None`` se nada mudou."""
        central = self._central
        return central.observacao.retratar(
            central.usuarios, central.salas, len(central.conexoes), central.hora_ms, medir_todos=medir_todos, trancado=central.trancado
        )

    def contar(self) -> tuple[int, int]:
        """Quantos usuários e salas há agora. Vale de qualquer thread: são leituras de um número cada."""
        return self._central.usuarios.conectados, len(self._central.salas)

    # --- um quadro ---------------------------------------------------------------------

    def _tratar(self, conexao: Conexao, carga: bytes) -> None:
        if self._central.inspecao.ligada:
            self._central.inspecao.entrou(conexao, carga, self._central.hora_ms)
        if conexao.etapa is Etapa.IDENTIFICADA and (lida := ler_mensagem(carga)) is not None:
            conexao.invalidos = 0
            try:
                falar(self._central, conexao, *lida)
            except (ErroDeProtocolo, ErroDeLeitura) as erro:
                self._central.falhar(Pedido(conexao, "mensagem", lida[0], {}), erro)
        else:
            self._tratar_qualquer(conexao, carga)

    def _tratar_qualquer(self, conexao: Conexao, carga: bytes) -> None:
        try:
            objeto = decodificar(carga)
        except ErroQuadroInvalido as erro:
            self._contar_invalido(conexao, erro)
            return
        conexao.invalidos = 0
        id: str | int | None = None
        tipo: str | None = None
        try:
            id = ler_id(objeto)
            tipo = ler_tipo(objeto)
            self._cobrar(conexao, tipo)
            tratador = TRATADORES.get(tipo)
            if tratador is None:
                raise ErroDeProtocolo(Codigo.TIPO_DESCONHECIDO)
            _conferir_ordem(conexao, tipo)
            pedido = Pedido(conexao, tipo, id, conferir_pedido(tipo, objeto))
        except ErroDeProtocolo as erro:
            self._recusar(conexao, id, tipo, self._central.cobrar_recusa(conexao, tipo, erro))
            return
        self._central.tentar(pedido, tratador, self._central, pedido)

    def _contar_invalido(self, conexao: Conexao, erro: ErroQuadroInvalido) -> None:
        conexao.invalidos += 1
        self._recusar(conexao, None, None, erro)
        if conexao.invalidos >= INVALIDOS_SEGUIDOS_MAX:
            self._central.fechar(conexao, "quadros inválidos demais")

    def _cobrar(self, conexao: Conexao, tipo: str) -> None:
        if tipo in COM_LIMITE_PROPRIO or not self._central.regras.taxa_por_s:
            return
        espere_ms = conexao.balde.tirar(self._central.agora_s)
        if espere_ms:
            raise ErroDeProtocolo(Codigo.DEVAGAR, espere_ms=espere_ms)

    def _recusar(self, conexao: Conexao, id: str | int | None, tipo: str | None, erro: ErroDeProtocolo) -> None:
        self._central.recusar(conexao, id, erro)
        nome = conexao.usuario and conexao.usuario.nome
        self._central.publicar(PedidoRecusado(conexao.endereco, nome, tipo, str(erro.codigo), erro.mensagem))

    # --- prazos ------------------------------------------------------------------------

    def _vigiar_quadro(self, conexao: Conexao) -> None:
        if conexao.leitor.tem_quadro_pela_metade():
            if conexao.quadro_desde_s is None:
                conexao.quadro_desde_s = self._central.agora_s
                self._vigiar(conexao)
        else:
            conexao.quadro_desde_s = None

    def _vigiar(self, conexao: Conexao) -> None:
        prazo_s = conexao.prazo_s(self._central.regras.inatividade_s)
        if prazo_s is not None and (conexao.vigia is None or prazo_s < conexao.vigia.quando_s):
            if conexao.vigia is not None:
                conexao.vigia.desistir()
            conexao.vigia = self._central.agenda.marcar(prazo_s, partial(self._conferir_prazo, conexao))

    def _conferir_prazo(self, conexao: Conexao) -> None:
        conexao.vigia = None
        if conexao.fechando or conexao.ocupada:
            return
        prazo_s = conexao.prazo_s(self._central.regras.inatividade_s)
        if prazo_s is not None and prazo_s <= self._central.agora_s:
            self.derrubar(conexao, "tempo_esgotado", "A conexão ficou tempo demais sem completar um pedido.")
        else:
            self._vigiar(conexao)


def _conferir_ordem(conexao: Conexao, tipo: str) -> None:
    etapa = conexao.etapa
    if tipo == "ola":
        certo = etapa is Etapa.NOVA
    elif tipo == "identificar":
        certo = etapa is Etapa.SAUDADA
    elif tipo in _DE_QUALQUER_HORA:
        certo = etapa is not Etapa.NOVA
    else:
        certo = etapa is Etapa.IDENTIFICADA
    if not certo:
        raise ErroDeProtocolo(Codigo.FORA_DE_ORDEM)
