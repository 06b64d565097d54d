"""Um palco para o núcleo: arquivo, relógio e sorteio de mentira, e pessoas que falam o protocolo sem rede."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, get_args

from protocolo.quadros import enquadrar
from servidor.nucleo.conexao import Conexao
from servidor.nucleo.eventos import Evento
from servidor.nucleo.nucleo import Nucleo
from servidor.nucleo.portas import (
    Anotacao,
    ChaveDeLinha,
    ErroDeGravacao,
    ErroDeLeitura,
    EstadoGravado,
    Linha,
    LinhaDeBanido,
    LinhaDeConta,
    LinhaDeLugar,
    LinhaDeSala,
    LinhaDeUsuario,
    MensagemGravada,
    Oficina,
)
from servidor.nucleo.regras import Regras

Objeto = dict[str, Any]
EPOCA_MS = 1_795_000_000_000


class ArquivoDeMentira:
    """Cumpre a porta `Arquivo` com listas, e falha quando se pede."""

    def __init__(self) -> None:
        self.gravadas: list[MensagemGravada] = []
        self.anotacoes: list[Anotacao] = []
        self.estado: dict[ChaveDeLinha, Linha] = {}
        self._ultimas: dict[int, int] = {}
        self.disco_cheio = False
        self.recusar_texto: str | None = None
        self.nao_le = False
        self.gravacoes = 0

    def carregar(self) -> EstadoGravado:
        """O que foi gravado, nas classes certas; só de salas vivas, como no banco."""
        por_classe: dict[type, list[Any]] = {c: [] for c in get_args(Linha)}
        for linha in self.estado.values():
            por_classe[type(linha)].append(linha)
        vivas = {linha.sala_id for linha in por_classe[LinhaDeSala]}
        return EstadoGravado(
            usuarios=por_classe[LinhaDeUsuario],
            salas=por_classe[LinhaDeSala],
            lugares=[linha for linha in por_classe[LinhaDeLugar] if linha.sala_id in vivas],
            contas=por_classe[LinhaDeConta],
            banidos=[linha for linha in por_classe[LinhaDeBanido] if linha.sala_id in vivas | {0}],
        )

    def gravar(
        self,
        mensagens: Sequence[MensagemGravada],
        estado: Mapping[ChaveDeLinha, Linha | None],
        anotacoes: Sequence[Anotacao] = (),
    ) -> None:
        """Tudo ou nada, e com a seq sem buracos nem repetição, como a chave primária exige."""
        if self.disco_cheio:
            raise ErroDeGravacao("o disco está cheio", passageiro=True)
        if any(m.texto == self.recusar_texto for m in mensagens):
            raise ErroDeGravacao("a linha não serve", passageiro=False)
        ultimas: dict[int, int] = {}
        for mensagem in mensagens:
            anterior = ultimas.get(mensagem.sala_id, self.ultima_seq(mensagem.sala_id))
            assert mensagem.seq == anterior + 1, f"seq {mensagem.seq} depois de {anterior}"
            ultimas[mensagem.sala_id] = mensagem.seq
        self.gravacoes += 1
        self.gravadas.extend(mensagens)
        self._ultimas |= ultimas
        self.anotacoes.extend(anotacoes)
        for chave, linha in estado.items():
            if linha is None:
                self.estado.pop(chave, None)
            else:
                self.estado[chave] = linha

    def ultima_seq(self, sala_id: int) -> int:
        """A maior da sala."""
        return self._ultimas.get(sala_id, 0)

    def mensagens(
        self, sala_id: int, *, depois: int, antes: int | None, limite: int, mais_antigas: bool
    ) -> list[MensagemGravada]:
        """Como no banco."""
        if self.nao_le:
            raise ErroDeLeitura("o disco não responde")
        achadas = [
            m for m in self.gravadas if m.sala_id == sala_id and m.seq > depois and (antes is None or m.seq < antes)
        ]
        return achadas[:limite] if mais_antigas else achadas[-limite:]

    def por_ref(self, sala_id: int, chave_de: str, ref: str, desde_ms: int) -> tuple[int, int] | None:
        """A primeira com a mesma ref, do mesmo nome, na mesma sala."""
        if self.nao_le:
            raise ErroDeLeitura("o disco não responde")
        for m in self.gravadas:
            if (m.sala_id, m.chave_de, m.ref) == (sala_id, chave_de, ref) and m.hora_ms >= desde_ms:
                return m.seq, m.hora_ms
        return None


class RelogioDeMentira:
    """Só anda quando se manda."""

    def __init__(self) -> None:
        self.s = 1000.0

    def agora_s(self) -> float:
        """Segundos."""
        return self.s

    def hora_ms(self) -> int:
        """A hora acompanha os segundos."""
        return EPOCA_MS + int(self.s * 1000)


class SorteioDeMentira:
    """Fichas e salas numeradas, que não se repetem nem quando o servidor recomeça."""

    def __init__(self) -> None:
        self._numeros = count(1)

    def ficha(self) -> str:
        """ficha-1, ficha-2, …"""
        return f"ficha-{next(self._numeros)}"

    def sala_id(self) -> int:
        """O próximo número."""
        return next(self._numeros)


class OficinaImediata:
    """Faz o trabalho na hora."""

    def fazer(self, trabalho: Callable[[], Any], ao_terminar: Callable[[Any], None]) -> None:
        """Sem thread."""
        ao_terminar(trabalho())


class OficinaLenta:
    """Guarda os trabalhos; eles terminam quando se manda, na ordem que se quiser."""

    def __init__(self) -> None:
        self.por_terminar: list[Callable[[], None]] = []

    def fazer(self, trabalho: Callable[[], Any], ao_terminar: Callable[[Any], None]) -> None:
        """Faz já, e conta depois."""
        resultado = trabalho()
        self.por_terminar.append(lambda: ao_terminar(resultado))


class Pessoa:
    """Uma conexão ao núcleo, com tudo o que ele lhe mandou. Quem `nao_le` deixa os bytes à espera."""

    def __init__(self, cena: Cena, conexao: Conexao, nome: str | None) -> None:
        self.cena = cena
        self.conexao = conexao
        self.nome = nome
        self.ficha: str | None = None
        self.recebidos: list[Objeto] = []
        self.esperando: list[bytes] = []
        self.nao_le = False
        self.fechada = False
        self.chegada: Objeto = {}

    def pedir(self, tipo: str, **campos: Any) -> Objeto:
        """Manda um pedido com `id` e devolve a resposta; o resto fica em `eventos`."""
        campos.setdefault("id", next(self.cena.ids))
        self.mandar(tipo, **campos)
        return self.resposta(campos["id"])

    def exigir(self, tipo: str, **campos: Any) -> Objeto:
        """Como `pedir`, e tem de dar certo."""
        resposta = self.pedir(tipo, **campos)
        assert resposta["tipo"] == "ok", resposta
        return resposta

    def recusado(self, tipo: str, **campos: Any) -> str:
        """Como `pedir`, e tem de ser recusado; devolve o código."""
        resposta = self.pedir(tipo, **campos)
        assert resposta["tipo"] == "erro", resposta
        assert resposta["mensagem"]
        return resposta["codigo"]

    def mandar(self, tipo: str, **campos: Any) -> None:
        """Manda um pedido sem olhar a resposta."""
        self.mandar_cru(json.dumps({"tipo": tipo, **campos}).encode())

    def mandar_cru(self, *cargas: bytes) -> None:
        """Manda cargas prontas, cada uma no seu quadro."""
        self.bytes(b"".join(map(enquadrar, cargas)))

    def bytes(self, dados: bytes) -> None:
        """Manda bytes como estão."""
        with self.cena.lote():
            self.cena.nucleo.recebeu(self.conexao, dados)

    def resposta(self, id: str | int) -> Objeto:
        """Tira dos recebidos a única resposta a este `id`."""
        achadas = [objeto for objeto in self.recebidos if objeto.get("id") == id and objeto["tipo"] in ("ok", "erro")]
        assert len(achadas) == 1, f"{len(achadas)} respostas a {id}: {self.recebidos}"
        self.recebidos.remove(achadas[0])
        return achadas[0]

    def eventos(self, *tipos: str) -> list[Objeto]:
        """Tira e devolve o que chegou, ou só os destes tipos (os outros são esquecidos)."""
        chegados, self.recebidos = self.recebidos, []
        return [objeto for objeto in chegados if not tipos or objeto["tipo"] in tipos]

    def cair(self) -> None:
        """A conexão acaba sem despedida."""
        with self.cena.lote():
            self.cena.nucleo.caiu(self.conexao)
        self.fechada = True

    def ler(self) -> None:
        """Volta a ler: os bytes à espera chegam."""
        self.nao_le = False
        with self.cena.lote():
            self._abrir(b"".join(self.esperando))
            self.esperando.clear()
            self.cena.nucleo.levou(self.conexao, 0, 0)

    def levar(self) -> None:
        """Faz o papel da rede depois de um lote."""
        assert not self.fechada, f"{self.nome} já não está ligado e o núcleo lhe escreve"
        dados = b"".join(self.conexao.saida)
        self.conexao.saida.clear()
        if self.nao_le:
            self.esperando.append(dados)
        else:
            self._abrir(dados)
        self.cena.nucleo.levou(self.conexao, len(dados), sum(map(len, self.esperando)))

    def _abrir(self, dados: bytes) -> None:
        inicio = 0
        while inicio < len(dados):
            fim = inicio + 4 + int.from_bytes(dados[inicio : inicio + 4], "big")
            assert fim - inicio - 4 <= 1_048_576
            self.recebidos.append(json.loads(dados[inicio + 4 : fim]))
            inicio = fim


class Cena:
    """Um núcleo com o mundo dele de mentira."""

    def __init__(
        self, *, arquivo: ArquivoDeMentira | None = None, oficina: Oficina | None = None, **regras: Any
    ) -> None:
        self.regras = Regras("Turma", "9.9", **{"taxa_por_s": 0, "inatividade_s": 0, **regras})
        self.arquivo = arquivo or ArquivoDeMentira()
        self.oficina = oficina or OficinaImediata()
        self.relogio = RelogioDeMentira()
        self.sorteio = SorteioDeMentira()
        self.ids = count(1)
        self.publicados: list[Evento] = []
        self.pessoas: dict[Conexao, Pessoa] = {}
        self._portas = count(50_000)
        self._em_lote = False
        self._abrir_nucleo()

    def _abrir_nucleo(self) -> None:
        self.nucleo = Nucleo(
            self.regras, self.arquivo, self.relogio, self.sorteio, self.oficina, self.publicados.append
        )

    @property
    def central(self) -> Any:
        """O estado por dentro, para conferir invariantes."""
        return self.nucleo._central

    def reiniciar(self) -> None:
        """Outro núcleo sobre o mesmo arquivo, como depois de um kill -9; ninguém continua ligado."""
        for pessoa in self.pessoas.values():
            pessoa.fechada = True
        self.pessoas.clear()
        self._abrir_nucleo()

    @contextmanager
    def lote(self) -> Iterator[None]:
        """Tudo o que acontece dentro é do mesmo lote."""
        if self._em_lote:
            yield
            return
        self._em_lote = True
        self.nucleo.comecar_lote()
        try:
            yield
            self._terminar()
        finally:
            self._em_lote = False

    def _terminar(self) -> None:
        while conexoes := self.nucleo.terminar_lote():
            fechando = []
            for conexao in conexoes:
                pessoa = self.pessoas.get(conexao)
                if pessoa is None or pessoa.fechada:
                    conexao.saida.clear()
                    continue
                pessoa.levar()
                if conexao.fechando:
                    pessoa.fechada = True
                    fechando.append(conexao)
            for conexao in fechando:
                self.nucleo.caiu(conexao)

    def passar(self, s: float) -> None:
        """O tempo anda, parando em cada prazo do núcleo como faria o laço."""
        ate_s = self.relogio.s + s
        while (proximo_s := self.nucleo.proximo_prazo_s()) is not None and proximo_s <= ate_s:
            self.relogio.s = max(self.relogio.s, proximo_s)
            with self.lote():
                pass
        self.relogio.s = ate_s
        with self.lote():
            pass

    def ligar(self) -> Pessoa:
        """Uma conexão que ainda não disse nada."""
        with self.lote():
            conexao = self.nucleo.conectou(("127.0.0.1", next(self._portas)))
            self.pessoas[conexao] = pessoa = Pessoa(self, conexao, None)
        return pessoa

    def conectar(self, nome: str, ficha: str | None = None, salas: str = "") -> Pessoa:
        """Alguém que já cumprimentou e se identificou, e entrou nestas salas."""
        pessoa = self.ligar()
        pessoa.exigir("ola", versao=1)
        pessoa.chegada = pessoa.exigir("identificar", nome=nome, **({"sessao": ficha} if ficha else {}))
        pessoa.nome, pessoa.ficha = pessoa.chegada["nome"], pessoa.chegada["sessao"]
        for sala in salas.split():
            pessoa.exigir("entrar", sala=sala)
        return pessoa

    def voltar(self, antes: Pessoa) -> Pessoa:
        """A mesma pessoa, com a ficha dela, numa conexão nova."""
        assert antes.nome is not None
        return self.conectar(antes.nome, antes.ficha)

    def operar(self, linha: str) -> Any:
        """Um comando de quem opera; devolve a resposta."""
        with self.lote():
            self.nucleo.operar(linha)
        return self.publicados[-1]

    def esquecer(self, *pessoas: Pessoa) -> None:
        """Limpa o que já chegou."""
        for pessoa in pessoas or tuple(self.pessoas.values()):
            pessoa.recebidos.clear()
