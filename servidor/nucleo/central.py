"""O estado da conversa e as operações de base sobre ele: responder, transmitir, gravar.

Os tratadores de pedidos são escritos com isto. Nada sai para a rede antes do fim do lote, e o fim
do lote é :meth:`Central.assentar`: primeiro grava, depois confirma e entrega.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from protocolo.cargas import montar_quadro, montar_quadro_com
from protocolo.erros import Codigo, ErroDeProtocolo
from servidor.nucleo.agenda import Agenda
from servidor.nucleo.anotacoes import anotar
from servidor.nucleo.avisos_de_salas import AvisosDeSalas
from servidor.nucleo.conexao import Conexao, Pedido
from servidor.nucleo.eventos import Evento, PedidoRecusado
from servidor.nucleo.inspecao import Inspecao
from servidor.nucleo.lote import Lote
from servidor.nucleo.observacao import Observacao
from servidor.nucleo.portas import (
    Arquivo,
    ErroDeLeitura,
    LinhaDeBanido,
    LinhaDeConta,
    LinhaDeLugar,
    LinhaDeSala,
    LinhaDeUsuario,
    Oficina,
    Relogio,
    Sorteio,
)
from servidor.nucleo.porteiro import Porteiro
from servidor.nucleo.regras import Regras
from servidor.nucleo.represa import Represa
from servidor.nucleo.salas import Sala, Salas
from servidor.nucleo.tentativas import Tentativas
from servidor.nucleo.usuarios import Usuario, Usuarios

T = TypeVar("T")
_REGRAVAR_EM_S = 1.0
COM_LIMITE_PROPRIO = frozenset({"mensagem", "privada", "comando"})
"""Os pedidos que contam por usuário, e não por conexão."""
_SEM_DISCO = "O servidor não consegue gravar agora, e nada mudou. Tente de novo daqui a pouco."


class Central:
    """Dona única de usuários e salas. Tudo aqui roda na thread do núcleo."""

    def __init__(
        self,
        regras: Regras,
        arquivo: Arquivo,
        relogio: Relogio,
        sorteio: Sorteio,
        oficina: Oficina,
        publicar: Callable[[Evento], None],
    ) -> None:
        self.regras = regras
        self.arquivo = arquivo
        self.relogio = relogio
        self.sorteio = sorteio
        self.oficina = oficina
        self._publicar = publicar
        self.agenda = Agenda()
        self.usuarios = Usuarios()
        self.salas = Salas()
        self.banidos: dict[str, str] = {}
        """Banidos do servidor pelo operador: marca (nome ou ficha) → grupo."""
        self.contas: dict[str, LinhaDeConta] = {}
        """Os nomes registrados, pela chave."""
        self.tentativas = Tentativas()
        self.porteiro = Porteiro(regras)
        self.represa = Represa(regras.espera_por_cliente_mib, regras.espera_total_mib)
        self.ao_desocupar: Callable[[Conexao], None] = _sem_leitura
        """O núcleo põe aqui como retomar a leitura de uma conexão que esperava a oficina."""
        self.conexoes: set[Conexao] = set()
        self.com_saida: list[Conexao] = []
        """As conexões com quadros a levar no fim do lote, cada uma uma vez."""
        self.agora_s = relogio.agora_s()
        self.hora_ms = relogio.hora_ms()
        self.inicio_s = self.agora_s
        self.observacao = Observacao()
        self.avisos = AvisosDeSalas(self.agenda, self.espalhar)
        self.inspecao = Inspecao()
        self.lote = Lote(arquivo, self, self.observacao, publicar)
        self._tem_regravacao_marcada = False
        self.trancado = False
        """Quem opera mandou não receber ninguém novo; quem tem ficha ainda volta."""

    def acertar_relogio(self) -> None:
        """Lê as horas uma vez, no começo de cada lote."""
        self.agora_s = self.relogio.agora_s()
        self.hora_ms = self.relogio.hora_ms()

    def publicar(self, evento: Evento) -> None:
        """Conta um fato a quem observa e, se for o caso, à auditoria."""
        self._publicar(evento)
        anotacao = anotar(evento, self.hora_ms)
        if anotacao is not None:
            self.lote.anotar(anotacao)

    # --- saída -----------------------------------------------------------------

    def enviar(self, conexao: Conexao, quadro: bytes) -> None:
        """Põe bytes já enquadrados na saída de uma conexão."""
        self.espalhar((conexao,), [quadro])

    def espalhar(self, conexoes: Iterable[Conexao | None], quadros: list[bytes]) -> None:
        """Os mesmos quadros, em ordem, para várias conexões: um bloco só, codificado uma vez."""
        bloco = quadros[0] if len(quadros) == 1 else b"".join(quadros)
        tamanho_bytes, quantos, ultima = len(bloco), 0, None
        for conexao in conexoes:
            if conexao is None or conexao.fechando:
                continue
            if not conexao.saida:
                self.com_saida.append(conexao)
            conexao.saida.append(bloco)
            conexao.esperando_bytes += tamanho_bytes
            quantos, ultima = quantos + 1, conexao
        if self.inspecao.ligada and ultima is not None:
            for quadro in quadros:
                self.inspecao.saiu(ultima, quadro, self.hora_ms, quantos)

    def responder(self, pedido: Pedido, prontos: Mapping[str, bytes] | None = None, **campos: Any) -> None:
        """O ``ok`` de um pedido, se ele trouxe ``id`` (§2.2). ``prontos`` são campos que já estão em JSON."""
        self._em_ordem(pedido.conexao)
        if pedido.e_comando:
            if pedido.confirmacao is not None and "codigo" not in campos:
                self.falar_pelo_robo(pedido, pedido.confirmacao)
            campos = {"comando": True, **{campo: valor for campo, valor in campos.items() if campo != "seq"}}
        if pedido.id is not None:
            objeto = {"tipo": "ok", "id": pedido.id, **campos}
            self.enviar(pedido.conexao, montar_quadro_com(objeto, prontos) if prontos else montar_quadro(objeto))

    def recusar(self, conexao: Conexao, id: str | int | None, erro: ErroDeProtocolo) -> None:
        """O ``erro`` de um pedido ou de um quadro; vai sempre, com ou sem ``id``."""
        self._em_ordem(conexao)
        carga = erro.como_carga()
        if id is not None:
            carga["id"] = id
        self.enviar(conexao, montar_quadro(carga))

    def tentar(self, pedido: Pedido, acao: Callable[..., None], *argumentos: Any) -> None:
        """Cumpre ``acao(*argumentos)``; uma recusa vai a quem pediu, pelo fio ou, se era comando, pelo Robô."""
        try:
            acao(*argumentos)
        except (ErroDeProtocolo, ErroDeLeitura) as erro:
            self.falhar(pedido, erro)

    def falhar(self, pedido: Pedido, erro: ErroDeProtocolo | ErroDeLeitura) -> None:
        """Conta a quem pediu, e a quem observa, por que o pedido não se cumpriu."""
        if isinstance(erro, ErroDeLeitura):
            erro = ErroDeProtocolo(Codigo.INTERNO, f"O histórico não pôde ser lido: {erro}.")
        if pedido.e_comando:
            self.falar_pelo_robo(pedido, erro.mensagem)
            self.responder(pedido, codigo=str(erro.codigo))
        else:
            erro = self.cobrar_recusa(pedido.conexao, pedido.tipo, erro)
            self.recusar(pedido.conexao, pedido.id, erro)
        nome = pedido.conexao.usuario and pedido.conexao.usuario.nome
        self.publicar(
            PedidoRecusado(pedido.conexao.endereco, nome, pedido.tipo, str(erro.codigo), erro.mensagem)
        )

    def cobrar_recusa(self, conexao: Conexao, tipo: str | None, erro: ErroDeProtocolo) -> ErroDeProtocolo:
        """O que responder a um pedido recusado: se ele ainda não gastou nada, gasta como qualquer outro (§9.1)."""
        ja_pagou = erro.codigo is Codigo.DEVAGAR or (tipo is not None and tipo not in COM_LIMITE_PROPRIO)
        if ja_pagou or not self.regras.taxa_por_s:
            return erro
        espere_ms = conexao.balde.tirar(self.agora_s)
        return ErroDeProtocolo(Codigo.DEVAGAR, espere_ms=espere_ms) if espere_ms else erro

    def falar_pelo_robo(self, pedido: Pedido, texto: str) -> None:
        """Uma fala do Robô, só para quem pediu."""
        self._em_ordem(pedido.conexao)
        evento = {"tipo": "robo", "texto": texto}
        if pedido.sala_do_comando is not None:
            evento["sala"] = pedido.sala_do_comando
        self.enviar(pedido.conexao, montar_quadro(evento))

    def na_oficina(self, pedido: Pedido, trabalho: Callable[[], T], depois: Callable[[T], None]) -> None:
        """Faz o trabalho lento longe do núcleo e depois chama ``depois(resultado)``, que pode recusar.

        Até lá os pedidos seguintes da conexão esperam a vez (§2.6). Se ela acabar ou mudar de
        dono no meio, o resultado é deixado para trás.
        """
        conexao, usuario = pedido.conexao, pedido.conexao.usuario
        conexao.ocupada = True

        def ao_terminar(resultado: T | None) -> None:
            conexao.ocupada = False
            if conexao.fechando or conexao.usuario is not usuario:
                return
            if resultado is None:
                self.tentar(pedido, _levantar, ErroDeProtocolo(Codigo.INTERNO))
            else:
                self.tentar(pedido, depois, resultado)
            self.ao_desocupar(conexao)

        self.oficina.fazer(trabalho, ao_terminar)

    def contar(self, usuario: Usuario, evento: dict[str, Any]) -> None:
        """Um evento para uma pessoa só."""
        if usuario.conexao is not None:
            self.enviar(usuario.conexao, montar_quadro(evento))

    def transmitir(self, sala: Sala, evento: dict[str, Any], *, menos: Usuario | None = None) -> None:
        """Um evento para todos os presentes na sala, codificado uma vez, depois das mensagens pendentes dela."""
        if sala.tem_pendentes:
            self.assentar()
        quem = (usuario.conexao for usuario in sala.membros if usuario is not menos)
        self.espalhar(quem, [montar_quadro(evento)])

    def fechar(self, conexao: Conexao, motivo: str) -> None:
        """Fecha depois de levar o que já está na saída; nada mais entra nela."""
        if not conexao.fechando:
            conexao.fechando = True
            conexao.motivo = motivo
            if not conexao.saida:
                self.com_saida.append(conexao)

    def _em_ordem(self, conexao: Conexao) -> None:
        # As respostas saem na ordem dos pedidos (§2.6): antes vão as das mensagens ainda no lote.
        if conexao.tem_pendentes:
            self.assentar()

    # --- o lote -------------------------------------------------------------------

    def assentar(self) -> None:
        """Grava o lote; só então confirma e entrega (§6.2)."""
        self.lote.assentar(self.hora_ms)
        if self.lote.deve and not self._tem_regravacao_marcada:
            # Mesmo que nada mais aconteça, o que o disco recusou volta a ser tentado.
            self._tem_regravacao_marcada = True
            self.agenda.marcar(self.agora_s + _REGRAVAR_EM_S, self._regravar)

    def _regravar(self) -> None:
        self._tem_regravacao_marcada = False
        self.assentar()

    def assentar_sala(self, sala: Sala) -> None:
        """Grava e entrega o que está pendente na sala, antes de ler o histórico ou mudar quem está nela."""
        if sala.tem_pendentes:
            self.assentar()

    def exigir_disco(self) -> None:
        """Levanta ``interno`` se o disco não está gravando: o que se prometeria agora talvez não ficasse guardado."""
        if self.lote.grava_bem:
            return
        self.assentar()
        if not self.lote.grava_bem:
            raise ErroDeProtocolo(Codigo.INTERNO, _SEM_DISCO)

    def sujar_usuario(self, usuario: Usuario, *, existe: bool = True) -> None:
        """Anota que a sessão mudou e deve ser gravada com o lote."""
        self.lote.sujar((LinhaDeUsuario, usuario.ficha), usuario.linha() if existe else None)
        self.observacao.mexer_no_usuario(usuario)

    def sujar_sala(self, sala: Sala, *, existe: bool = True) -> None:
        """Anota que a sala mudou e deve ser gravada com o lote."""
        self.lote.sujar((LinhaDeSala, sala.id), sala.linha() if existe else None)
        self.observacao.mexer_na_sala(sala)

    def guardar_sala(self, sala: Sala) -> None:
        """Grava uma sala nova, e só volta com ela no disco. Se ele recusa, levanta ``interno`` e não fica nada."""
        self.sujar_sala(sala)
        self.assentar()
        if not self.lote.grava_bem:
            self.sujar_sala(sala, existe=False)
            raise ErroDeProtocolo(Codigo.INTERNO, _SEM_DISCO)

    def sujar_lugar(self, sala: Sala, usuario: Usuario) -> None:
        """Anota que o lugar de alguém numa sala mudou e deve ser gravado com o lote."""
        self.lote.sujar((LinhaDeLugar, sala.id, usuario.ficha), sala.linha_de_lugar(usuario))
        self.observacao.mexer_no_usuario(usuario)
        self.observacao.mexer_na_sala(sala)

    def sujar_conta(self, conta: LinhaDeConta) -> None:
        """Anota uma conta nova ou com outra senha para gravar com o lote."""
        self.contas[conta.chave] = conta
        self.lote.sujar((LinhaDeConta, conta.chave), conta)

    def guardar_conta(self, conta: LinhaDeConta) -> None:
        """Como :meth:`sujar_conta`, mas só volta com a conta no disco. Se ele recusa, fica a de antes e levanta ``interno``."""
        antes = self.contas.get(conta.chave)
        self.sujar_conta(conta)
        self.assentar()
        if self.lote.grava_bem:
            return
        self.lote.sujar((LinhaDeConta, conta.chave), antes)
        del self.contas[conta.chave]
        if antes is not None:
            self.contas[conta.chave] = antes
        raise ErroDeProtocolo(Codigo.INTERNO, _SEM_DISCO)

    def sujar_banido(self, sala_id: int, marca: str, grupo: str | None) -> None:
        """Anota um banimento, ou o fim dele (``grupo`` nulo), para gravar com o lote."""
        linha = LinhaDeBanido(sala_id, grupo, marca) if grupo is not None else None
        self.lote.sujar((LinhaDeBanido, sala_id, marca), linha)


def _sem_leitura(_: Conexao) -> None:
    return None


def _levantar(erro: ErroDeProtocolo) -> None:
    raise erro
