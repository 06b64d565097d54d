"""O que um cliente vê de uma sala: um trecho contíguo do histórico dela, e quem está dentro."""

from __future__ import annotations

from enum import Enum, auto

from tests.caos.conferencia import Conferencia, Objeto

HISTORICO_PADRAO = 50


class Lugar(Enum):
    """Onde o cliente está em relação à sala, nesta conexão."""

    FORA = auto()
    ENTRANDO = auto()
    ALCANCANDO = auto()
    DENTRO = auto()
    SAINDO = auto()


class Vista:
    """Uma sala para um cliente. ``ultima`` é a última seq vista, ou ``None`` se ainda não viu nenhuma."""

    def __init__(self, dono: str, sala: str, conferencia: Conferencia) -> None:
        self.dono, self.sala = dono, sala
        self.quer = True
        self.lugar = Lugar.FORA
        self.sala_id: int | None = None
        self.ultima: int | None = None
        self.alvo = 0
        self.herdada = False
        """A conexão nova assumiu a antiga: os eventos vêm antes do ``ok`` de ``entrar``."""
        self.membros: set[str] = set()
        self._retidas: list[Objeto] = []
        self._conferencia = conferencia

    def desligar(self) -> None:
        """A conexão caiu."""
        self.lugar, self.herdada = Lugar.FORA, False
        self._retidas.clear()

    def esta_em_dia(self) -> bool:
        """Está onde quer estar, sem nada por alcançar."""
        return self.lugar is (Lugar.DENTRO if self.quer else Lugar.FORA)

    def entrou(self, resposta: Objeto, desde: int | None, historico: int) -> bool:
        """O ``ok`` de ``entrar``. Devolve se a sala é outra, com o mesmo nome."""
        sala_id, ultima_seq = resposta["sala_id"], resposta["ultima_seq"]
        outra = self.sala_id is not None and sala_id != self.sala_id
        recomecou = bool(resposta.get("recomecou"))
        self._exigir(desde is None or recomecou == outra, f"recomecou={recomecou}, mas a sala_id era {self.sala_id}: {resposta}")
        self._exigir(resposta["sala"] == self.sala, f"entrou em outra sala: {resposta}")
        mesma = self.ultima is not None and not outra
        self._exigir(not mesma or ultima_seq >= (self.ultima or 0), f"a sala voltou atrás, de {self.ultima} para {ultima_seq}")
        self.sala_id, self.alvo, self.herdada = sala_id, ultima_seq, False
        self.membros = {membro["nome"] for membro in resposta["membros"]}
        self._exigir(len(self.membros) == resposta["total"] and self.dono in self.membros, f"membros: {resposta['membros']}")
        if desde is None or recomecou:
            # Com `desde`, o `historico` pedido não conta: de uma sala que recomeçou vêm quantas são de costume.
            self._comecar_de_novo(resposta, historico if desde is None else HISTORICO_PADRAO, ultima_seq)
        else:
            self.alcancar(resposta)
        self._conferir_alcance(not resposta["ha_mais"] or desde is None or recomecou)
        return outra

    def _comecar_de_novo(self, resposta: Objeto, historico: int, ultima_seq: int) -> None:
        mensagens = resposta["historico"]
        quantas = min(historico, ultima_seq)
        self._exigir(len(mensagens) == quantas, f"pediu {historico} de {ultima_seq} e vieram {len(mensagens)}")
        self._exigir(resposta["ha_mais"] == (quantas < ultima_seq), f"ha_mais={resposta['ha_mais']} com {quantas} de {ultima_seq}")
        self.ultima = ultima_seq - quantas
        for mensagem in mensagens:
            self._ver(mensagem)

    def alcancar(self, pagina: Objeto) -> None:
        """Uma página das que faltavam."""
        for mensagem in pagina.get("historico", pagina.get("mensagens", ())):
            self._ver(mensagem)

    def _conferir_alcance(self, completo: bool) -> None:
        assert self.ultima is not None
        if completo:
            self._exigir(self.ultima == self.alvo, f"ha_mais falso na seq {self.ultima}, mas a última é {self.alvo}")
        self.lugar = Lugar.DENTRO if self.ultima >= self.alvo else Lugar.ALCANCANDO
        if self.lugar is Lugar.DENTRO:
            self._soltar_retidas()

    def alcancou(self, pagina: Objeto) -> None:
        """O ``ok`` de ``historico`` pedido para alcançar os outros."""
        antes = self.ultima
        self.alcancar(pagina)
        self._exigir(self.ultima != antes, f"a página depois de {antes} veio vazia, faltando até {self.alvo}")
        self._conferir_alcance(not pagina["ha_mais"])

    def releu(self, pagina: Objeto) -> None:
        """Uma página lida de novo: contígua, e igual ao que todos viram."""
        seqs = [mensagem["seq"] for mensagem in pagina["mensagens"]]
        self._exigir(not seqs or seqs == list(range(seqs[0], seqs[-1] + 1)), f"página com buracos: {seqs}")
        for mensagem in pagina["mensagens"] if self.sala_id is not None else ():
            self._conferencia.entregue(self.dono, self.sala, self.sala_id, mensagem)

    def _soltar_retidas(self) -> None:
        retidas, self._retidas = self._retidas, []
        assert self.ultima is not None and self.sala_id is not None
        for mensagem in retidas:
            if mensagem["seq"] > self.alvo:
                self._ver(mensagem)
            else:
                # Assumiu a conexão antiga: o que veio antes do ok veio também no histórico.
                self._conferencia.entregue(self.dono, self.sala, self.sala_id, mensagem)

    def recebeu(self, mensagem: Objeto) -> None:
        """Uma mensagem viva."""
        if self.lugar is Lugar.FORA or (self.lugar is Lugar.ENTRANDO and not self.herdada):
            self._exigir(False, f"mensagem de sala em que não está ({self.lugar.name}): {mensagem}")
        elif self.lugar in {Lugar.DENTRO, Lugar.SAINDO}:
            if self.lugar is Lugar.DENTRO or not self.herdada:
                self._ver(mensagem)
        else:
            self._retidas.append(mensagem)

    def presenca(self, evento: Objeto) -> None:
        """``entrou`` ou ``saiu``: alternam-se por pessoa, e o total confere."""
        if self.lugar is Lugar.FORA or (self.lugar is Lugar.ENTRANDO and not self.herdada):
            self._exigir(False, f"evento de sala em que não está ({self.lugar.name}): {evento}")
        if self.lugar not in {Lugar.DENTRO, Lugar.ALCANCANDO}:
            return
        nome, chegou = evento["nome"], evento["tipo"] == "entrou"
        self._exigir((nome in self.membros) is not chegou, f"{evento} com {sorted(self.membros)} dentro")
        (self.membros.add if chegou else self.membros.discard)(nome)
        self._exigir(len(self.membros) == evento["total"], f"{evento} com {sorted(self.membros)} dentro")

    def _ver(self, mensagem: Objeto) -> None:
        assert self.ultima is not None and self.sala_id is not None
        seq = mensagem["seq"]
        self._exigir(seq == self.ultima + 1, f"depois da seq {self.ultima} veio a {seq}")
        self.ultima = seq
        self._conferencia.contagem["entregas"] += 1
        self._conferencia.entregue(self.dono, self.sala, self.sala_id, mensagem)

    def _exigir(self, certo: bool, o_que: str) -> None:
        self._conferencia.exigir(certo, self.dono, f"#{self.sala}: {o_que}")
