"""Milhares de passos ao acaso, com quedas, voltas, disco cheio e reinícios, e o que tem de ser sempre verdade.

Cada pessoa leva um caderno em que só anota o que o servidor lhe disse; a cada passo os cadernos são
comparados com o estado do núcleo, com o histórico gravado e com o que um reinício encontraria.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from servidor.nucleo.portas import LinhaDeLugar, LinhaDeSala, LinhaDeUsuario
from tests.servidor.nucleo.palco import Cena, Objeto, Pessoa

NOMES = [f"P{i}" for i in range(9)]
SALAS = ["geral", "Aula", "bola", "Café"]
PASSOS = 600


class Folha:
    """O que uma pessoa sabe de uma sala em que está."""

    def __init__(self, ok: Objeto) -> None:
        self.sala_id = ok["sala_id"]
        self.ultima_seq = ok["ultima_seq"]
        self.membros = {membro["nome"]: membro["moderador"] for membro in ok["membros"]}
        assert ok["total"] == len(self.membros)


class Caderno:
    """Tudo o que uma sessão anotou; passa de uma conexão à outra quando se assume o lugar."""

    def __init__(self, pessoa: Pessoa) -> None:
        self.pessoa = pessoa
        self.nome: str | None = None
        self.ficha: str | None = None
        self.folhas: dict[str, Folha] = {}
        self.foi_assumido = False
        self.confirmadas: dict[tuple[int, str], int] = {}

    def anotar(self, mundo: Mundo) -> None:
        """Lê o que chegou, na ordem."""
        for objeto in self.pessoa.eventos():
            if objeto["tipo"] in ("ok", "erro"):
                self._resposta(objeto, mundo)
            else:
                getattr(self, f"_ao_{objeto['tipo']}")(objeto)

    def _resposta(self, objeto: Objeto, mundo: Mundo) -> None:
        o_que, _, sala = objeto["id"].partition(":")
        if objeto["tipo"] == "erro":
            assert objeto["codigo"] in ("nome_em_uso", "fora_da_sala", "interno", "fora_de_ordem", "sala_inexistente"), objeto
        elif o_que == "identificar":
            self.nome, self.ficha = objeto["nome"], objeto["sessao"]
            self.folhas |= mundo.assumir(self)
        elif o_que == "entrar":
            folha = Folha(objeto)
            antiga = self.folhas.get(sala)
            assert antiga is None or (set(antiga.membros), antiga.ultima_seq) == (set(folha.membros), folha.ultima_seq)
            self.folhas[sala] = folha
        elif o_que == "sair":
            self.folhas.pop(sala, None)
        elif o_que == "renomear":
            for folha in self.folhas.values():
                folha.membros[objeto["nome"]] = folha.membros.pop(self.nome)
            self.nome = objeto["nome"]
        elif o_que == "mensagem":
            nome_da_sala, _, ref = sala.partition("/")
            chave = (self.folhas[nome_da_sala].sala_id if nome_da_sala in self.folhas else 0, ref)
            assert self.confirmadas.setdefault(chave, objeto["seq"]) == objeto["seq"]

    def _ao_mensagem(self, e: Objeto) -> None:
        folha = self.folhas[e["sala"]]
        assert e["seq"] == folha.ultima_seq + 1, "buraco ou repetição"
        assert e["de"] in folha.membros
        folha.ultima_seq = e["seq"]
        gravada = next(m for m in self.pessoa.cena.arquivo.gravadas[::-1] if (m.sala_id, m.seq) == (folha.sala_id, e["seq"]))
        assert (gravada.texto, gravada.de) == (e["texto"], e["de"])

    def _ao_entrou(self, e: Objeto) -> None:
        folha = self.folhas[e["sala"]]
        assert e["nome"] not in folha.membros, "entrou duas vezes"
        # Quem volta de uma queda pode voltar moderando: o papel vê-se na lista.
        folha.membros[e["nome"]] = False
        assert e["total"] == len(folha.membros)

    def _ao_saiu(self, e: Objeto) -> None:
        folha = self.folhas[e["sala"]]
        assert e["nome"] in folha.membros, "saiu quem não estava"
        del folha.membros[e["nome"]]
        assert e["total"] == len(folha.membros)

    def _ao_renomeado(self, e: Objeto) -> None:
        for folha in self.folhas.values():
            if e["de"] in folha.membros:
                folha.membros[e["para"]] = folha.membros.pop(e["de"])

    def _ao_moderador(self, e: Objeto) -> None:
        folha = self.folhas[e["sala"]]
        # Pode passar a alguém esperado de uma queda, que não está na lista.
        if e["nome"] in folha.membros:
            folha.membros[e["nome"]] = e["valor"]

    def _ao_removido(self, e: Objeto) -> None:
        del self.folhas[e["sala"]]

    def _ao_desconectado(self, e: Objeto) -> None:
        assert self.pessoa.fechada
        self.foi_assumido = e["motivo"] == "assumido"


class Mundo:
    """As pessoas, o que fazem ao acaso, e o que se confere."""

    def __init__(self, semente: int) -> None:
        self.acaso = random.Random(semente)
        self.cena = Cena(inatividade_s=600)
        self.cadernos: list[Caderno] = []
        self.fichas: dict[str, str] = {}
        self.refs = 0

    def assumir(self, novo: Caderno) -> dict[str, Folha]:
        """As folhas da conexão de que esta tomou o lugar."""
        assert novo.nome and novo.ficha
        self.fichas[novo.nome] = novo.ficha
        for antigo in self.cadernos:
            if antigo is not novo and antigo.ficha == novo.ficha and antigo.foi_assumido:
                antigo.foi_assumido = False
                return antigo.folhas
        return {}

    # O que se faz

    def chegar(self) -> None:
        """Alguém novo, ou de volta com a ficha, ou tomando o lugar da própria conexão."""
        caderno = Caderno(self.cena.ligar())
        self.cadernos.append(caderno)
        nome = self.acaso.choice(NOMES)
        campos: dict[str, Any] = {"nome": nome, "id": "identificar:"}
        if nome in self.fichas and self.acaso.random() < 0.8:
            campos["sessao"] = self.fichas[nome]
        caderno.pessoa.mandar("ola", versao=1)
        caderno.pessoa.mandar("identificar", **campos)
        if self.acaso.random() < 0.5:
            self.entrar(caderno)

    def entrar(self, caderno: Caderno) -> None:
        """Numa sala qualquer."""
        sala = self.acaso.choice(SALAS)
        caderno.pessoa.mandar("entrar", sala=sala, id=f"entrar:{sala}")

    def sair(self, caderno: Caderno) -> None:
        """De uma sala, esteja nela ou não."""
        sala = self.acaso.choice(SALAS)
        caderno.pessoa.mandar("sair", sala=sala, id=f"sair:{sala}")

    def falar(self, caderno: Caderno) -> None:
        """Às vezes com a mesma ref outra vez."""
        dele = list(caderno.folhas)
        sala = self.acaso.choice(dele if dele and self.acaso.random() < 0.9 else SALAS)
        self.refs += 1
        for _ in range(self.acaso.choice([1, 1, 1, 2])):
            ref = f"r{self.refs}"
            caderno.pessoa.mandar("mensagem", sala=sala, texto=f"t{self.refs}", ref=ref, id=f"mensagem:{sala}/{ref}")

    def renomear(self, caderno: Caderno) -> None:
        """Para um nome livre ou não, ou só de caixa."""
        nome = self.acaso.choice([*NOMES, *map(str.lower, NOMES)])
        caderno.pessoa.mandar("renomear", nome=nome, id="renomear:")

    def encerrar(self, caderno: Caderno) -> None:
        """Por bem."""
        caderno.pessoa.mandar("encerrar", id="encerrar:")

    def cair(self, caderno: Caderno) -> None:
        """Sem despedida, mas não antes de ler se assumiu o lugar de alguém: o caderno perderia o fio."""
        if caderno.nome is not None:
            caderno.pessoa.cair()
            caderno.folhas = {}

    def passo(self) -> None:
        """Um lote com uma a cinco ações, e às vezes o mundo muda."""
        sorte = self.acaso.random()
        if sorte < 0.02:
            self.reiniciar()
        elif sorte < 0.12:
            self.cena.passar(self.acaso.choice([0.1, 1, 20, 59, 61]))
        elif sorte < 0.15:
            self.cena.operar(self.acaso.choice(["/expulsar P1", "/fechar aula", "/expulsar P2", "/fechar bola"]))
        elif sorte < 0.2:
            self.cena.arquivo.disco_cheio = not self.cena.arquivo.disco_cheio and self.acaso.random() < 0.5
        else:
            with self.cena.lote():
                for _ in range(self.acaso.randint(1, 5)):
                    self.agir()
        for caderno in list(self.cadernos):
            caderno.anotar(self)
        self.cadernos = [c for c in self.cadernos if not c.pessoa.fechada]
        self.conferir()

    def agir(self) -> None:
        """Uma ação de alguém ligado, ou uma chegada."""
        vivos = [c for c in self.cadernos if not c.pessoa.fechada and not c.pessoa.conexao.fechando]
        if len(vivos) < 4 or self.acaso.random() < 0.08:
            self.chegar()
            return
        acoes = [self.entrar, self.falar, self.sair, self.renomear, self.cair, self.encerrar]
        (acao,) = self.acaso.choices(acoes, [30, 40, 10, 6, 7, 2])
        acao(self.acaso.choice(vivos))

    def reiniciar(self) -> None:
        """kill -9: o que o disco não gravou perde-se, e as fichas podem ter ficado para trás."""
        self.cena.arquivo.disco_cheio = False
        self.cadernos.clear()
        self.cena.reiniciar()

    # O que tem de ser verdade

    def conferir(self) -> None:
        """Depois de cada passo."""
        central = self.cena.central
        self._conferir_salas(central)
        self._conferir_cadernos(central)
        if not self.cena.arquivo.disco_cheio:
            with self.cena.lote():
                pass
            assert self.cena.arquivo.estado == self._estado(central)

    def _conferir_salas(self, central: Any) -> None:
        for sala in central.salas:
            assert sala.fixa or sala.membros or sala.esperas
            assert sala.fixa or sala.tem_moderador()
            assert not (sala.fixa and sala.tem_moderador())
            assert not set(sala.membros) & set(sala.esperas)
            assert not sala.tem_pendentes and sala.ultima_seq == self.cena.arquivo.ultima_seq(sala.id)
            assert all(u.salas[sala.chave] is sala and u.conexao is not None for u in sala.membros)
            assert all(u.lugares[sala.chave] is sala for u in sala.esperas)
        for usuario in central.usuarios:
            assert all(usuario in sala.membros for sala in usuario.salas.values())
            assert all(usuario in sala.esperas for sala in usuario.lugares.values())
            assert (usuario.conexao is None) == (usuario.reservado_ate_s is not None)
        assert central.usuarios.conectados == len(central.usuarios.presentes())

    def _conferir_cadernos(self, central: Any) -> None:
        for caderno in self.cadernos:
            usuario = caderno.pessoa.conexao.usuario
            assert usuario is None or usuario.nome == caderno.nome
            salas = usuario.salas.values() if usuario is not None else ()
            assert {s.nome for s in salas} == set(caderno.folhas)
            for sala in salas:
                folha = caderno.folhas[sala.nome]
                assert folha.sala_id == sala.id and folha.ultima_seq == sala.ultima_seq
                assert set(folha.membros) == {u.nome for u in sala.membros}
                # Quem voltou moderando anuncia-se na lista de quem entra, e não num evento.
                for membro, lugar in sala.membros.items():
                    folha.membros[membro.nome] = lugar.moderador

    def _estado(self, central: Any) -> dict[Any, Any]:
        estado: dict[Any, Any] = {(LinhaDeUsuario, u.ficha): u.linha() for u in central.usuarios}
        for sala in central.salas:
            estado[LinhaDeSala, sala.id] = sala.linha()
            for usuario in (*sala.membros, *sala.esperas):
                estado[LinhaDeLugar, sala.id, usuario.ficha] = sala.linha_de_lugar(usuario)
        return estado


@pytest.mark.parametrize("semente", range(8))
def test_ao_acaso(semente: int) -> None:
    """Seiscentos passos por semente; a semente está no nome do teste."""
    mundo = Mundo(semente)
    for _ in range(PASSOS):
        mundo.passo()
    assert len(mundo.cena.arquivo.gravadas) > 100
