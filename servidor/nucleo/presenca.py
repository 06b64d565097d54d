"""Quem entra, quem sai, quem cai e volta; e a quem passa a moderação (§§4.3, 5.4 a 5.6)."""

from __future__ import annotations

from functools import partial

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import RESERVA_DE_QUEM_CAIU_S, SALAS_POR_USUARIO
from servidor.nucleo.central import Central
from servidor.nucleo.eventos import EntrouNaSala, ModeracaoMudou, SaiuDaSala, SalaCriada, SalaRemovida
from servidor.nucleo.salas import Lugar, Sala
from servidor.nucleo.usuarios import Usuario


def criar_sala(central: Central, nome: str, criador: Usuario, *, assunto: str, senha: str | None) -> Sala:
    """Uma sala nova, já no disco, com ``criador`` dentro e moderando. Levanta ``limite_de_salas``, e ``interno`` sem disco."""
    conferir_criacao(central, criador)
    sala = Sala(central.sorteio.sala_id(), nome, assunto=assunto)
    sala.senha = senha
    sala.criador, sala.criador_ficha = criador.nome, criador.ficha
    # Só existe se o disco a aceitou; uma queda entre isto e a entrada deixa uma sala vazia, que o recomeço remove.
    central.guardar_sala(sala)
    central.salas.por(sala)
    central.publicar(SalaCriada(sala.nome, criador.nome))
    entrar(central, sala, criador, moderador=True)
    return sala


def conferir_limite(usuario: Usuario) -> None:
    """Levanta ``limite_de_salas`` se a pessoa já tem lugar no máximo de salas."""
    if len(usuario.salas) + len(usuario.lugares) >= SALAS_POR_USUARIO:
        raise ErroDeProtocolo(
            Codigo.LIMITE_DE_SALAS, f"Você já está em {SALAS_POR_USUARIO} salas. Saia de uma para entrar em outra."
        )


def conferir_criacao(central: Central, usuario: Usuario) -> None:
    """Levanta ``limite_de_salas`` se não cabe mais uma sala, da pessoa ou no servidor, e ``interno`` sem disco."""
    conferir_limite(usuario)
    central.exigir_disco()
    regras = central.regras
    if regras.max_salas and len(central.salas) >= regras.max_salas:
        raise ErroDeProtocolo(Codigo.LIMITE_DE_SALAS, f"O servidor já tem {regras.max_salas} salas, o máximo.")
    if regras.salas_por_criador and central.salas.quantas_de(usuario.ficha) >= regras.salas_por_criador:
        frase = f"Você já criou {regras.salas_por_criador} salas que ainda existem. Espere que uma delas se esvazie."
        raise ErroDeProtocolo(Codigo.LIMITE_DE_SALAS, frase)


def conferir_lotacao(central: Central, sala: Sala, usuario: Usuario) -> None:
    """Levanta ``servidor_cheio`` se a sala não tem lugar; nas fixas, e a quem ela espera de volta, sempre há."""
    maximo = central.regras.membros_por_sala
    if sala.fixa or not maximo or usuario in sala.esperas:
        return
    if len(sala.membros) + len(sala.esperas) >= maximo:
        raise ErroDeProtocolo(Codigo.SERVIDOR_CHEIO, f"A sala #{sala.nome} está cheia: cabem {maximo} pessoas.", campo="sala")


def entrar(central: Central, sala: Sala, usuario: Usuario, *, moderador: bool = False) -> None:
    """Põe ``usuario`` na sala, no lugar que o esperava se houver um, e conta aos demais."""
    central.assentar_sala(sala)
    lugar = sala.esperas.pop(usuario, None)
    e_novo = lugar is None
    if lugar is None:
        lugar = Lugar(sala.proxima_ordem, moderador)
        sala.proxima_ordem += 1
    lugar.ate_s = None
    usuario.lugares.pop(sala.chave, None)
    usuario.salas[sala.chave] = sala
    sala.membros[usuario] = lugar
    sala.lembrar_nome(usuario)
    total = len(sala.membros)
    central.transmitir(
        sala, {"tipo": "entrou", "sala": sala.nome, "nome": usuario.nome, "total": total}, menos=usuario
    )
    central.publicar(EntrouNaSala(sala.nome, usuario.nome, total))
    if e_novo:
        central.sujar_lugar(sala, usuario)
    _mudou_a_presenca(central, sala, usuario)


def sair(central: Central, sala: Sala, usuario: Usuario, motivo: str, por: str | None = None) -> None:
    """Tira ``usuario`` da sala de vez: perde o lugar e o papel. ``motivo`` como em §5.4."""
    central.assentar_sala(sala)
    estava = usuario in sala.membros
    lugar = sala.membros.pop(usuario, None) or sala.esperas.pop(usuario, None)
    assert lugar is not None
    usuario.salas.pop(sala.chave, None)
    usuario.lugares.pop(sala.chave, None)
    if estava:
        _contar_saida(central, sala, usuario, motivo, por)
    elif por is not None:
        # Os membros já o viram cair; quem observa e a auditoria devem saber quem o tirou.
        central.publicar(SaiuDaSala(sala.nome, usuario.nome, len(sala.membros), motivo, por))
    central.sujar_lugar(sala, usuario)
    _mudou_a_presenca(central, sala, usuario)
    _depois_de_sair(central, sala)


def cair(central: Central, usuario: Usuario) -> None:
    """A conexão de ``usuario`` acabou sem despedida: o nome e os lugares esperam 60 s por ele."""
    ate_s = central.agora_s + RESERVA_DE_QUEM_CAIU_S
    usuario.reservado_ate_s = ate_s
    for sala in list(usuario.salas.values()):
        central.assentar_sala(sala)
        lugar = sala.membros.pop(usuario)
        sala.esperas[usuario] = lugar
        usuario.lugares[sala.chave] = sala
        _contar_saida(central, sala, usuario, "caiu", None)
        _mudou_a_presenca(central, sala, usuario)
    usuario.salas.clear()
    esperar_de_volta(central, usuario, ate_s)


def esperar_de_volta(central: Central, usuario: Usuario, ate_s: float) -> None:
    """Marca o fim da espera por quem caiu: o do nome e o de cada lugar."""
    usuario.reservado_ate_s = ate_s
    for sala in usuario.lugares.values():
        sala.esperas[usuario].ate_s = ate_s
    central.observacao.mexer_no_usuario(usuario)
    central.agenda.marcar(ate_s, partial(_vencer, central, usuario, ate_s))


def despedir(central: Central, usuario: Usuario, motivo: str, por: str | None = None) -> None:
    """A sessão termina: sai de todas as salas, a ficha morre e o nome fica livre."""
    for sala in [*usuario.salas.values(), *usuario.lugares.values()]:
        sair(central, sala, usuario, motivo, por)
    usuario.conexao = None
    # Ninguém a espera mais: o prazo de uma queda anterior, se ainda vencer, não vale.
    usuario.reservado_ate_s = None
    central.usuarios.remover(usuario)
    central.sujar_usuario(usuario, existe=False)


def passar_moderacao(central: Central, sala: Sala) -> None:
    """Se ninguém modera a sala, presente ou esperado, passa ao mais antigo (§5.6)."""
    if sala.criador is None or sala.tem_moderador():
        return
    herdeiro = sala.mais_antigo()
    if herdeiro is not None:
        mudar_moderador(central, sala, herdeiro, True)


def mudar_moderador(central: Central, sala: Sala, usuario: Usuario, valor: bool) -> None:
    """Dá ou tira a moderação e conta a todos os membros, o próprio inclusive."""
    lugar = sala.membros.get(usuario) or sala.esperas[usuario]
    lugar.moderador = valor
    central.transmitir(
        sala, {"tipo": "moderador", "sala": sala.nome, "nome": usuario.nome, "valor": valor}
    )
    central.publicar(ModeracaoMudou(sala.nome, usuario.nome, valor))
    central.sujar_lugar(sala, usuario)


def remover_sala(central: Central, sala: Sala, *, por: str | None = None) -> None:
    """A sala deixa de existir; quem a procurar de novo encontra outra, com outro ``sala_id``. ``por`` é quem a fechou."""
    central.salas.tirar(sala)
    for marca in sala.banidos:
        central.sujar_banido(sala.id, marca, None)
    central.sujar_sala(sala, existe=False)
    central.publicar(SalaRemovida(sala.nome, por))
    central.avisos.mudou(sala, existe=False, agora_s=central.agora_s)


def _contar_saida(central: Central, sala: Sala, usuario: Usuario, motivo: str, por: str | None) -> None:
    total = len(sala.membros)
    evento = {"tipo": "saiu", "sala": sala.nome, "nome": usuario.nome, "total": total, "motivo": motivo}
    if por is not None:
        evento["por"] = por
    central.transmitir(sala, evento, menos=usuario)
    central.publicar(SaiuDaSala(sala.nome, usuario.nome, total, motivo, por))


def _mudou_a_presenca(central: Central, sala: Sala, usuario: Usuario) -> None:
    # O lugar de quem cai fica no arquivo como está: só quem observa precisa saber.
    central.observacao.mexer_no_usuario(usuario)
    central.observacao.mexer_na_sala(sala)
    central.avisos.mudou(sala, existe=True, agora_s=central.agora_s)


def _depois_de_sair(central: Central, sala: Sala) -> None:
    if sala.esta_vazia():
        remover_sala(central, sala)
    else:
        passar_moderacao(central, sala)


def _vencer(central: Central, usuario: Usuario, ate_s: float) -> None:
    for sala in list(usuario.lugares.values()):
        if sala.esperas[usuario].ate_s == ate_s:
            sair(central, sala, usuario, "caiu")
    # Quem voltou, ou voltou e caiu outra vez, tem outro prazo: este já não vale para o nome.
    if usuario.conexao is None and usuario.reservado_ate_s == ate_s:
        despedir(central, usuario, "caiu")
