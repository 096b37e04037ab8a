# The algorithms of bench/train.mjs in numpy and scipy, on the same file with the same constants, written as one
# would write them there: dense products in BLAS, sparse ones in scipy, no loop over rows but in blocks.
# Reads {"train": file, "als": {...}, "svd": {...}, "knn": {...}} from standard input, writes JSON.
import json
import sys
import time

import numpy as np
import scipy
import scipy.sparse as sp

BLOCK = 1 << 17


def read(path, items):
    rows, columns = [], []
    with open(path) as file:
        for row, line in enumerate(file):
            own = [int(word) for word in line.split()[1:]]
            rows.extend([row] * len(own))
            columns.extend(own)
    values = np.ones(len(rows), np.float32)
    return sp.csr_matrix((values, (rows, columns)), shape=(max(rows) + 1, items), dtype=np.float32)


def observed(matrix, rows, own, other, weights):
    """Σ |c| (x·y) y of each row, over what was observed."""
    products = np.empty(matrix.nnz, np.float32)
    for at in range(0, matrix.nnz, BLOCK):
        part = slice(at, at + BLOCK)
        products[part] = np.einsum("ij,ij->i", own[rows[part]], other[matrix.indices[part]])
    return sp.csr_matrix((weights * products, matrix.indices, matrix.indptr), shape=matrix.shape) @ other


def half_step(matrix, rows, own, other, alpha, ridges, steps):
    """Conjugate gradient on the normal equations of all rows at once (Takács, Pilászy, Tikk 2011)."""
    gram = alpha * (other.T @ other)
    apply = lambda x: x @ gram + observed(matrix, rows, x, other, matrix.data) + ridges[:, None] * x
    residual = matrix @ other - apply(own)
    direction = residual.copy()
    square = np.einsum("ij,ij->i", residual, residual)
    for _ in range(steps):
        image = apply(direction)
        size = square / np.maximum(np.einsum("ij,ij->i", direction, image), 1e-30)
        own += size[:, None] * direction
        residual -= size[:, None] * image
        after = np.einsum("ij,ij->i", residual, residual)
        direction = residual + (after / np.maximum(square, 1e-30))[:, None] * direction
        square = after


def als(binary, dimensions, iterations, steps, confidence, alpha, regularization, exponent):
    by_user = (binary * np.float32(confidence)).tocsr()
    by_item = by_user.T.tocsr()
    sides = []
    for matrix in (by_user, by_item):
        weight = np.asarray(matrix.sum(axis=1)).ravel() + alpha * matrix.shape[1]
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        sides.append((matrix, rows, (regularization * weight**exponent).astype(np.float32)))
    random = np.random.default_rng(1)
    users, items = [
        (0.1 / np.sqrt(dimensions) * random.standard_normal((matrix.shape[0], dimensions))).astype(np.float32)
        for matrix, _, _ in sides
    ]
    items[:] = 0
    seconds = []
    for _ in range(iterations):
        started = time.perf_counter()
        half_step(*sides[1][:2], items, users, alpha, sides[1][2], steps)
        half_step(*sides[0][:2], users, items, alpha, sides[0][2], steps)
        seconds.append(time.perf_counter() - started)
    matrix, rows, _ = sides[0]
    errors = 0.0
    for at in range(0, matrix.nnz, BLOCK):
        part = slice(at, at + BLOCK)
        products = np.einsum("ij,ij->i", users[rows[part]], items[matrix.indices[part]]).astype(np.float64)
        errors += float(confidence * ((1 - products) ** 2).sum())
    everywhere = float(np.sum((users.T @ users).astype(np.float64) * (items.T @ items)))
    ridge = sum(float((side[2] * (own.astype(np.float64) ** 2).sum(axis=1)).sum()) for side, own in zip(sides, (users, items)))
    return {"seconds": float(np.median(seconds[1:])), "loss": errors + alpha * everywhere + ridge}


def svd(binary, width, wanted, iterations, userExponent, itemExponent):
    started = time.perf_counter()
    scale = lambda axis, exponent: sp.diags(
        np.power(np.maximum(np.asarray(binary.sum(axis=axis)).ravel(), 1), -exponent).astype(np.float32)
    )
    matrix = (scale(1, userExponent) @ binary @ scale(0, itemExponent)).tocsr().astype(np.float32)
    turned = matrix.T.tocsr()
    image = (np.random.default_rng(1).random((matrix.shape[0], width)) - 0.5).astype(np.float32)
    for iteration in range(iterations + 1):
        if iteration > 0:
            image = matrix @ basis
        basis, _ = np.linalg.qr(turned @ image)
    image = matrix @ basis
    values, vectors = np.linalg.eigh((image.T @ image).astype(np.float64))
    basis @ vectors[:, ::-1][:, :wanted].astype(np.float32)
    return {"seconds": time.perf_counter() - started, "largest": float(np.sqrt(values[-2]))}


def knn(binary, width, popularityExponent, shrinkage):
    started = time.perf_counter()
    counts = np.diff(binary.indptr)
    weighted = (sp.diags((1 / np.log2(2 + counts / 50)).astype(np.float32)) @ binary).tocsr()
    masses = np.maximum(np.asarray(weighted.sum(axis=0)).ravel(), 1e-9)
    turned = binary.T.tocsr()
    kept = 0
    for at in range(0, turned.shape[0], 256):
        rows = (turned[at : at + 256] @ weighted).tocsr()
        for row in range(rows.shape[0]):
            columns = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
            co = rows.data[rows.indptr[row] : rows.indptr[row + 1]]
            near = co * co / (co + shrinkage) / (
                masses[at + row] ** (1 - popularityExponent) * masses[columns] ** popularityExponent
            )
            near[columns == at + row] = 0
            best = np.argpartition(-near, width)[:width] if len(near) > width else np.arange(len(near))
            kept += int((near[best] > 0).sum())
    return {"seconds": time.perf_counter() - started, "entries": kept}


given = json.load(sys.stdin)
binary = read(given["train"], given["items"])
print(
    json.dumps(
        {
            "versions": f"numpy {np.__version__}, scipy {scipy.__version__}",
            "als": als(binary, **given["als"]),
            "svd": svd(binary, **given["svd"]),
            "knn": knn(binary, **given["knn"]),
        }
    )
)
