"""Entrar, criar e sair de salas (§§5.2 a 5.4)."""

from __future__ import annotations

from functools import partial
from typing import Any

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import HISTORICO_PADRAO, LISTA_MAX
from servidor.nucleo import presenca
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Pedido
from servidor.nucleo.paginas import Pagina, mais_recentes, seguintes
from servidor.nucleo.salas import Sala
from servidor.nucleo.senhas import confere_senha, resumir_senha
from servidor.nucleo.tratadores.base import Tratador
from servidor.nucleo.tratadores.moderacao import conferir_banido


def entrar(central: Central, pedido: Pedido) -> None:
    """Entra na sala, criando-a se não existe e o pedido deixa."""
    campos, usuario = pedido.campos, pedido.usuario
    sala = central.salas.com_nome(campos["sala"])
    if sala is None:
        if not campos.get("criar", True):
            raise ErroDeProtocolo(Codigo.SALA_INEXISTENTE, campo="sala")
        _criar(central, pedido)
    elif usuario in sala.membros:
        _mostrar_sala(central, pedido, sala, _historico_de_entrada(central, pedido.campos, sala))
    else:
        _entrar_nesta(central, pedido, sala)


def _entrar_nesta(central: Central, pedido: Pedido, sala: Sala) -> None:
    usuario = pedido.usuario
    conferir_banido(sala, usuario)
    if usuario not in sala.esperas:
        presenca.conferir_limite(usuario)
        if sala.senha is not None:
            _conferir_senha(central, pedido, sala, sala.senha)
            return
    _por_na_sala(central, pedido, sala)


def _por_na_sala(central: Central, pedido: Pedido, sala: Sala) -> None:
    presenca.conferir_lotacao(central, sala, pedido.usuario)
    # Antes de entrar: se o disco não deixa ler, quem recebe o erro não está na sala.
    historico = _historico_de_entrada(central, pedido.campos, sala)
    presenca.entrar(central, sala, pedido.usuario)
    _mostrar_sala(central, pedido, sala, historico)


def _conferir_senha(central: Central, pedido: Pedido, sala: Sala, resumo: str) -> None:
    usuario, senha = pedido.usuario, pedido.campos.get("senha")
    if senha is None:
        raise ErroDeProtocolo(Codigo.SENHA_EXIGIDA, f"A sala #{sala.nome} pede uma senha.", campo="senha")
    chaves = (("sala", sala.id, usuario.ficha), ("sala", sala.id, usuario.chave))
    central.tentativas.comecar(chaves, central.agora_s)

    def depois(confere: bool) -> None:
        if not confere:
            raise ErroDeProtocolo(Codigo.SENHA_INCORRETA, campo="senha")
        central.tentativas.acertou(chaves)
        if central.salas.com_nome(sala.nome) is not sala:
            entrar(central, pedido)  # a sala sumiu enquanto a senha se conferia: vale a que houver agora
            return
        conferir_banido(sala, usuario)
        _por_na_sala(central, pedido, sala)

    central.na_oficina(pedido, lambda: confere_senha(senha, resumo), depois)


def criar(central: Central, pedido: Pedido) -> None:
    """Cria uma sala que ainda não existe e entra nela."""
    _conferir_que_nao_existe(central, pedido)
    _criar(central, pedido)


def _criar(central: Central, pedido: Pedido) -> None:
    senha = pedido.campos.get("senha")
    presenca.conferir_criacao(central, pedido.usuario)
    if senha is None:
        _criar_com(central, pedido, None)
    else:
        central.na_oficina(pedido, lambda: resumir_senha(senha), partial(_criar_com, central, pedido))


def _criar_com(central: Central, pedido: Pedido, resumo: str | None) -> None:
    if pedido.tipo == "entrar" and central.salas.com_nome(pedido.campos["sala"]) is not None:
        entrar(central, pedido)  # outro a criou enquanto a senha era resumida
        return
    _conferir_que_nao_existe(central, pedido)
    campos = pedido.campos
    assunto = campos.get("assunto", "")
    sala = presenca.criar_sala(central, campos["sala"], pedido.usuario, assunto=assunto, senha=resumo)
    _mostrar_sala(central, pedido, sala, _historico_de_entrada(central, campos, sala))


def _conferir_que_nao_existe(central: Central, pedido: Pedido) -> None:
    existente = central.salas.com_nome(pedido.campos["sala"])
    if existente is not None:
        raise ErroDeProtocolo(Codigo.SALA_EXISTE, f"A sala #{existente.nome} já existe.", campo="sala")


def sair(central: Central, pedido: Pedido) -> None:
    """Sai da sala; também desiste do lugar que ela guardava para quem voltou de uma queda."""
    sala, usuario = central.salas.com_nome(pedido.campos["sala"]), pedido.usuario
    if sala is None or not (usuario in sala.membros or usuario in sala.esperas):
        raise ErroDeProtocolo(Codigo.FORA_DA_SALA, campo="sala")
    presenca.sair(central, sala, usuario, "saiu")
    central.responder(pedido)


def _mostrar_sala(central: Central, pedido: Pedido, sala: Sala, historico: tuple[Pagina, bool]) -> None:
    pagina, recomecou = historico
    resposta: dict[str, Any] = {
        "sala": sala.nome,
        "sala_id": sala.id,
        "assunto": sala.assunto,
        "total": len(sala.membros),
        "moderador": sala.membros[pedido.usuario].moderador,
        "ultima_seq": sala.ultima_seq,
        "historico": pagina.mensagens,
        "ha_mais": pagina.ha_mais,
    }
    if recomecou:
        resposta["recomecou"] = True
    central.responder(pedido, {"membros": sala.membros_no_fio(LISTA_MAX)}, **resposta)


def _historico_de_entrada(central: Central, campos: dict[str, Any], sala: Sala) -> tuple[Pagina, bool]:
    central.assentar_sala(sala)
    desde, sala_id = campos.get("desde"), campos.get("sala_id")
    recomecou = desde is not None and sala_id is not None and sala_id != sala.id
    if desde is not None and not recomecou:
        return seguintes(central.arquivo, sala, desde), False
    quantas = HISTORICO_PADRAO if recomecou else campos.get("historico", HISTORICO_PADRAO)
    return mais_recentes(central.arquivo, sala, None, quantas), recomecou


TRATADORES: dict[str, Tratador] = {"entrar": entrar, "criar": criar, "sair": sair}
