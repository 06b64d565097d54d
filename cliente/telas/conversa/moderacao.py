"""O que quem modera pode fazer a alguém, pelo menu: mostra só o que vale, pergunta o motivo, conta o resultado."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cliente.sessao import Conversa, Membro
from cliente.sessao.mudancas import ModeracaoFeita, ModeracaoRecusada
from cliente.telas.formulario import Formulario
from interface.componentes import SEPARADOR, ItemDeMenu
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

_FEITAS = {
    "expulsar": "{nome} saiu de #{sala} e pode voltar.", "banir": "{nome} não pode mais entrar em #{sala}.",
    "desbanir": "{nome} pode voltar a #{sala}.", "promover": "{nome} agora modera #{sala}.",
    "rebaixar": "{nome} não modera mais #{sala}.",
}
_TEXTOS = {
    "expulsar": ("Expulsar {nome} de #{sala}?", "A pessoa sai da sala e pode entrar de novo.", "Expulsar"),
    "banir": ("Banir {nome} de #{sala}?", "A pessoa sai e não entra mais, nem com outro nome, até ser desbanida.",
              "Banir"),
}


class Moderacao:
    """Um pedido por vez tem formulário aberto; a recusa aparece nele, ou num aviso."""

    def __init__(self, janela: JanelaDoCliente) -> None:
        self._janela, self._sessao = janela, janela.sessao
        self.formulario: Formulario | None = None

    def listar_itens(self, conversa: Conversa, membro: Membro) -> list[ItemDeMenu]:
        """Vazio para quem não modera, e para si mesmo."""
        if not conversa.sou_moderador or chave(membro.nome) == chave(self._sessao.nome or ""):
            return []
        e_criador = self._e_criador(conversa.sala, membro.nome)
        sala, nome = conversa.sala, membro.nome
        itens = [] if membro.moderador else [
            ItemDeMenu("Tornar moderador", lambda: self._sessao.promover(sala, nome), icone="escudo")]
        if membro.moderador and not e_criador:
            itens = [ItemDeMenu("Tirar a moderação", lambda: self._sessao.rebaixar(sala, nome), icone="escudo")]
        if not e_criador:
            itens += [
                ItemDeMenu("Expulsar da sala…", lambda: self.perguntar("expulsar", sala, nome), icone="expulsar"),
                ItemDeMenu("Banir da sala…", lambda: self.perguntar("banir", sala, nome), icone="bloquear",
                           e_perigo=True)]
        return [SEPARADOR, *itens] if itens else []

    def listar_da_sala(self, sala: str) -> list[ItemDeMenu]:
        """O que não se faz a alguém que esteja à vista; vazio para quem não modera."""
        conversa = self._sessao.conversa(sala)
        if conversa is None or not conversa.sou_moderador:
            return []
        return [SEPARADOR, ItemDeMenu("Desbanir alguém…", lambda: self.perguntar_quem_desbanir(sala), icone="certo")]

    def perguntar(self, acao: str, sala: str, nome: str) -> None:
        """O motivo, que a pessoa vai ler; pode ficar em branco."""
        titulo, texto, sim = (frase.format(nome=nome, sala=sala) for frase in _TEXTOS[acao])
        pedir = self._sessao.expulsar if acao == "expulsar" else self._sessao.banir
        self._abrir(titulo, texto, ("motivo", "Motivo (a pessoa vai ler)", False), sim,
                    lambda valores: pedir(sala, nome, valores["motivo"].strip()))

    def perguntar_quem_desbanir(self, sala: str) -> None:
        """O nome que a pessoa usava; o servidor não dá a lista de banidos."""
        self._abrir(f"Desbanir em #{sala}", "Serve qualquer nome que a pessoa tenha usado na sala.",
                    ("nome", "Nome de quem pode voltar", False), "Desbanir",
                    lambda valores: self._sessao.desbanir(sala, valores["nome"].strip()))

    def receber(self, mudanca: ModeracaoFeita | ModeracaoRecusada) -> None:
        """O servidor cumpriu, ou disse por que não."""
        aberto = self.formulario if self.formulario is not None and self.formulario.winfo_exists() else None
        if isinstance(mudanca, ModeracaoFeita):
            if aberto is not None:
                aberto.sair()
            self._janela.avisar(_FEITAS[mudanca.acao].format(nome=mudanca.nome, sala=mudanca.sala), tipo="ok")
        elif aberto is not None:
            aberto.mostrar_erro(mudanca.campo, mudanca.frase)
        else:
            self._janela.avisar(f"#{mudanca.sala}", mudanca.frase, "erro")

    def _abrir(self, titulo: str, texto: str, pergunta: tuple[str, str, bool], sim: str,
               ao_confirmar: Callable[[dict[str, str]], object]) -> None:
        e_perigo = sim != "Desbanir"
        self.formulario = Formulario(self._janela, titulo, texto, [pergunta], ao_confirmar, sim, e_perigo)

    def _e_criador(self, sala: str, nome: str) -> bool:
        return any(chave(s.sala) == chave(sala) and s.criador is not None and chave(s.criador) == chave(nome)
                   for s in self._sessao.salas)
