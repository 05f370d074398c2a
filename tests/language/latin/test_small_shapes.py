"""Small shapes: hidden files, ports, protocols, chords, moves of chess, units, keys, a shrug."""

from __future__ import annotations

import pytest

from tests.language.marking import BALANCED, assert_refused

FREE = [
    "Положите ключи в файл .env и добавьте его в .gitignore.",
    "Сохраните картинку в формате .webp или .avif.",
    "Настройки лежат в .env.local и .eslintrc.json.",
    "Откройте порт 443/tcp и порт 53/udp на сервере.",
    "Прокси понимает http/https и ftp/sftp.",
    "Ставьте пакеты через npm/Yarn.",
    "Сыграйте Am, F, C и G подряд.",
    "Аккорды Am и Dm просты, а F#m сложнее.",
    "Бывают аккорды sus, aug, dim.",
    "Возьмите Cmaj7, F#m и Bbsus4.",
    "Тональность песни — Em.",
    "Белые ходят e4, чёрные отвечают e5, потом Кf3 и Nf3.",
    "Взятие пешкой пишут ed или cd.",
    "После 7. ed Фxd5 8. Кc3 у белых лучше.",
    "Рокировка 0-0 или O-O, превращение e8=Q+.",
    "Размеры задают в px, rem, em, vw.",
    "Единицы: px, em и rem.",
    "Ну и ладно ¯\\_(ツ)_/¯ — бывает.",
    "Статья: https://ru.wikipedia.org/wiki/%D0%9C%D0%BE%D1%81%D0%BAва и ещё.",
    "Размер 1920x1080, версия v1.2.3, ветка 3.x, в 2x быстрее.",
    "Нажмите Ctrl+Shift+Esc, потом Ctrl + C.",
    "Двигайтесь клавишами W, A, S и D.",
]


@pytest.mark.parametrize("text", FREE)
def test_they_are_free(text: str) -> None:
    assert_refused(text, BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "Я ⟦add⟧ это в список.",
        "Тут ⟦ed⟧ ничего не значит.",
        "Мы живём ⟦in⟧ городе.",
        "Символ ⟦ツ⟧ отдельно.",
        "Слово ⟦BAва⟧ без адреса.",
        "Скидка 50%⟦рyчка⟧ вот.",
        "Закончил. ⟦healthy⟧ еда.",
    ],
)
def test_the_same_letters_elsewhere_are_not(marked: str) -> None:
    assert_refused(marked, BALANCED)
