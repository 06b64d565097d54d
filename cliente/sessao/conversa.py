"""Uma sala em que estamos: linhas em ordem de ``seq``, sem falha nem repetição, membros e não lidas.

Pura: não sabe de rede nem de relógio. Quem a muda é só o modelo, na thread dona da sessão; as telas leem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, KeysView, Sequence
from typing import Any

from cliente.sessao.papeis import PapeisDeQuemCaiu
from cliente.sessao.tipos import Aviso, Linha, Membro, Mensagem, TipoDeAviso
from protocolo.horas import ler_hora
from protocolo.textos import chave

LINHAS_MAX = 5_000
LINHAS_MAX_LENDO_ANTIGAS = 20_000
FOLGA_DA_PODA = 250
CARACTERES_MAX = 4_000_000
ADIANTE_MAX = 1_000
MEMBROS_MAX = 10_000

_FRASE_DE_FALTA = "Algumas mensagens não puderam ser recuperadas."


class Conversa:
    """O que se sabe de uma sala em que estamos.

    Guarda até 5.000 linhas (20.000 enquanto se lê longe do fim) e 4 milhões de caracteres; o que passa sai do
    começo e ``ha_mais`` fica verdadeiro. ``linhas`` mistura mensagens e avisos, na ordem de mostrar.
    """

    def __init__(self, resposta: dict[str, Any], numerar: Callable[[], int], e_minha: Callable[[str], bool]) -> None:
        self._numerar = numerar
        self._e_minha = e_minha
        self.nao_lidas = 0
        """Mensagens de outros que chegaram sem a sala estar à vista."""
        self.novas_desde: int | None = None
        """``seq`` da primeira não lida da última leva: onde vai a linha “novas mensagens”."""
        self.observada = False
        """A sala está à vista: o que chega não conta como não lido."""
        self.esta_voltando = False
        """Caiu e ainda não entrou de novo: o que chega espera a resposta de ``entrar``."""
        self.buscando = False
        """Há um pedido de mensagens que faltam no meio, sem resposta ainda."""
        self.carregando_antigas = False
        """Há um pedido de mensagens mais antigas, sem resposta ainda."""
        self._papeis = PapeisDeQuemCaiu()
        self.recomecar(resposta)

    # ------------------------------------------------------------------ leitura

    @property
    def linhas(self) -> Sequence[Linha]:
        """As linhas na ordem de mostrar. Não mude; copie se for guardar."""
        return self._linhas

    @property
    def membros(self) -> tuple[Membro, ...]:
        """Os membros em ordem alfabética (até 10.000; ``total_de_membros`` diz quantos são)."""
        return tuple(self._membros[k] for k in sorted(self._membros))

    @property
    def chaves_dos_membros(self) -> KeysView[str]:
        """As dos nomes dos membros, sem ordem e sem cópia: muda com eles."""
        return self._membros.keys()

    @property
    def menor_seq(self) -> int:
        """``seq`` da mensagem mais antiga à mão, ou a próxima a chegar se não há nenhuma."""
        for linha in self._linhas:
            if isinstance(linha, Mensagem):
                return linha.seq
        return self.ultima_seq + 1

    @property
    def falta_buscar(self) -> bool:
        """Sabe-se de mensagens depois de ``ultima_seq`` que ainda não estão aqui."""
        return self.alvo_seq > self.ultima_seq

    @property
    def esta_cheia(self) -> bool:
        """Não cabem mais antigas: 20.000 linhas, ou 4 milhões de caracteres."""
        return len(self._linhas) >= LINHAS_MAX_LENDO_ANTIGAS or self._caracteres >= CARACTERES_MAX

    # ------------------------------------------------------------------ entrada na sala

    def recomecar(self, resposta: dict[str, Any]) -> list[Mensagem]:
        """Joga fora o que havia e começa pelo ``ok`` de ``entrar``; devolve as mensagens que ele trouxe."""
        self._linhas: list[Linha] = []
        self._caracteres = 0
        self._limite = LINHAS_MAX
        self._adiante: dict[int, dict[str, Any]] = {}
        self.novas_desde = None
        self.nao_lidas = 0
        self._papeis.esquecer_todos()
        historico = _em_ordem(resposta["historico"])
        self.ultima_seq: int = resposta["ultima_seq"]
        self.alvo_seq = self.ultima_seq
        if historico:
            # O servidor promete que a última do histórico é a última da sala; se não for, falta buscar.
            self.ultima_seq = historico[-1]["seq"]
            self.alvo_seq = max(self.ultima_seq, resposta["ultima_seq"])
        self.ha_mais: bool = resposta["ha_mais"]
        novas = [self._montar(bruta) for bruta in historico]
        self._linhas.extend(novas)
        self._caracteres = sum(len(m.texto) for m in novas)
        self._receber_cabecalho(resposta)
        return novas

    def voltar(self, resposta: dict[str, Any], agora_ms: int) -> list[Mensagem]:
        """Aplica o ``ok`` de ``entrar`` com ``desde``, depois de uma queda; devolve as mensagens que faltavam."""
        antes = self._chaves_dos_moderadores()
        self._receber_cabecalho(resposta)
        agora = self._chaves_dos_moderadores()
        if agora <= antes:  # senão a moderação já passou adiante
            for ausente in antes - self._membros.keys():
                self._papeis.lembrar(ausente, agora_ms)
        self.alvo_seq = max(self.alvo_seq, resposta["ultima_seq"])
        return self._juntar(_em_ordem(resposta["historico"]))

    def _receber_cabecalho(self, resposta: dict[str, Any]) -> None:
        self.sala: str = resposta["sala"]
        self.sala_id: int = resposta["sala_id"]
        self.assunto: str = resposta["assunto"]
        self.total_de_membros: int = resposta["total"]
        self.sou_moderador: bool = resposta["moderador"]
        self._membros = {chave(m["nome"]): Membro(m["nome"], m["moderador"]) for m in resposta["membros"]}
        self.esta_voltando = False

    # ------------------------------------------------------------------ mensagens

    def receber(self, bruta: dict[str, Any]) -> list[Mensagem]:
        """Uma mensagem viva. Devolve as que entraram no fim: nenhuma se repetida ou se há falha antes dela."""
        if bruta["seq"] <= self.ultima_seq:
            return []
        self.alvo_seq = max(self.alvo_seq, bruta["seq"])
        self._guardar_adiante(bruta)
        return [] if self.esta_voltando else self._escoar()

    def receber_pagina(self, brutas: Iterable[dict[str, Any]]) -> list[Mensagem]:
        """A resposta a ``historico {depois}``: devolve as que entraram no fim."""
        return self._juntar(_em_ordem(brutas))

    def saltar(self) -> tuple[Aviso, list[Mensagem]]:
        """O servidor não tem as que faltam: segue do que há, com um aviso, para não parar a conversa para sempre."""
        hora_ms = self._linhas[-1].hora_ms if self._linhas else 0
        self.ultima_seq = min(self._adiante, default=self.alvo_seq + 1) - 1
        return self.avisar(TipoDeAviso.FALTA, _FRASE_DE_FALTA, hora_ms), self._escoar()

    def receber_antigas(self, brutas: Iterable[dict[str, Any]], ha_mais: bool) -> list[Mensagem]:
        """A resposta a ``historico {antes}``: põe no começo o que encosta no que já havia; devolve o que entrou."""
        self.carregando_antigas = False
        menor = self.menor_seq
        pagina = [bruta for bruta in _em_ordem(brutas) if bruta["seq"] < menor]
        if pagina and pagina[-1]["seq"] != menor - 1:
            return []  # a poda mudou o começo enquanto a página vinha: pede-se outra
        self.ha_mais = ha_mais and bool(pagina)
        antigas = [self._montar(bruta) for bruta in pagina]
        self._linhas[:0] = antigas
        self._caracteres += sum(len(m.texto) for m in antigas)
        self._limite = min(LINHAS_MAX_LENDO_ANTIGAS, max(self._limite, len(self._linhas) + LINHAS_MAX))
        return antigas

    def montar_pagina(self, brutas: Iterable[dict[str, Any]], depois: int) -> list[Mensagem]:
        """As mensagens de uma página que só se lê, em ordem, sem as que não se pediram; nada muda aqui."""
        return [self._montar(bruta) for bruta in _em_ordem(brutas) if bruta["seq"] > depois]

    def segurar(self, sim: bool) -> None:
        """Alguém lê longe do fim: guardam-se mais linhas, para que não saia o que se lê. Sem isso, voltam a sair."""
        self._limite = LINHAS_MAX_LENDO_ANTIGAS if sim else LINHAS_MAX

    def podar(self) -> int:
        """Tira do começo as linhas além do limite e devolve quantas saíram."""
        sobra = len(self._linhas) - self._limite
        if sobra <= FOLGA_DA_PODA and self._caracteres <= CARACTERES_MAX:
            return 0
        quantas = max(sobra, 0)
        caracteres = self._caracteres - sum(_tamanho(linha) for linha in self._linhas[:quantas])
        while caracteres > CARACTERES_MAX:
            caracteres -= _tamanho(self._linhas[quantas])
            quantas += 1
        perdeu_mensagem = any(isinstance(linha, Mensagem) for linha in self._linhas[:quantas])
        del self._linhas[:quantas]
        self._caracteres = caracteres
        self.ha_mais = self.ha_mais or perdeu_mensagem
        return quantas

    def avisar(self, tipo: TipoDeAviso, frase: str, hora_ms: int, nome: str = "") -> Aviso:
        """Põe uma linha de aviso no fim."""
        aviso = Aviso(self._numerar(), tipo, frase, hora_ms, nome)
        self._linhas.append(aviso)
        self._caracteres += len(frase)
        return aviso

    def contar_nao_lidas(self, novas: Sequence[Mensagem]) -> bool:
        """Conta as de outros, se a sala não está à vista; diz se o número mudou."""
        de_outros = [m for m in novas if not m.minha]
        if self.observada or not de_outros:
            return False
        if self.nao_lidas == 0:
            self.novas_desde = de_outros[0].seq
        self.nao_lidas += len(de_outros)
        return True

    def _guardar_adiante(self, bruta: dict[str, Any]) -> None:
        if len(self._adiante) < ADIANTE_MAX or bruta["seq"] == self.ultima_seq + 1:
            self._adiante[bruta["seq"]] = bruta

    def _juntar(self, brutas: Iterable[dict[str, Any]]) -> list[Mensagem]:
        for bruta in brutas:
            if bruta["seq"] > self.ultima_seq:
                self.alvo_seq = max(self.alvo_seq, bruta["seq"])
                self._adiante[bruta["seq"]] = bruta
        return self._escoar()

    def _escoar(self) -> list[Mensagem]:
        novas: list[Mensagem] = []
        while (bruta := self._adiante.pop(self.ultima_seq + 1, None)) is not None:
            self.ultima_seq += 1
            mensagem = self._montar(bruta)
            self._caracteres += len(mensagem.texto)
            novas.append(mensagem)
        if novas:
            self._linhas.extend(novas)
            self._adiante = {seq: b for seq, b in self._adiante.items() if seq > self.ultima_seq}
        return novas

    def _montar(self, bruta: dict[str, Any]) -> Mensagem:
        de = bruta["de"]
        return Mensagem(self._numerar(), bruta["seq"], de, bruta["texto"], ler_hora(bruta["hora"]),
                        self._e_minha(de), bruta.get("ref"))

    # ------------------------------------------------------------------ membros

    def por_membro(self, nome: str, total: int, agora_ms: int = 0) -> bool:
        """Alguém entrou, com o papel que tinha se é um moderador que caiu há pouco; diz se é novidade."""
        novidade = chave(nome) not in self._membros
        if novidade and len(self._membros) < MEMBROS_MAX:
            self._membros[chave(nome)] = Membro(nome, self._papeis.recuperar(nome, agora_ms))
        self.total_de_membros = total
        return novidade

    def tirar_membro(self, nome: str, total: int, caiu_em_ms: int | None = None) -> None:
        """Alguém saiu; com ``caiu_em_ms``, caiu, e pode voltar com o papel."""
        membro = self._membros.pop(chave(nome), None)
        if caiu_em_ms is not None and membro is not None and membro.moderador:
            self._papeis.lembrar(nome, caiu_em_ms)
        self.total_de_membros = total

    def _chaves_dos_moderadores(self) -> set[str]:
        return {k for k, membro in self._membros.items() if membro.moderador}

    def renomear_membro(self, de: str, para: str) -> bool:
        """Alguém mudou de nome; diz se estava aqui."""
        membro = self._membros.pop(chave(de), None)
        if membro is None:
            return False
        self._membros[chave(para)] = Membro(para, membro.moderador)
        return True

    def mudar_moderador(self, nome: str, valor: bool) -> None:
        """Alguém passou a moderar, ou deixou de moderar."""
        self._papeis.esquecer(nome)
        if self._e_minha(nome):
            self.sou_moderador = valor
        if chave(nome) in self._membros:
            self._membros[chave(nome)] = Membro(nome, valor)


def _em_ordem(brutas: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As mensagens em ordem crescente e sem repetição, venha como vier."""
    return [bruta for _, bruta in sorted({bruta["seq"]: bruta for bruta in brutas}.items())]


def _tamanho(linha: Linha) -> int:
    return len(linha.texto) if isinstance(linha, Mensagem) else len(linha.frase)
