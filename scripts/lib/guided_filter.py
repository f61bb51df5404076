"""The colour guided filter in numpy, as masks follow outlines by it; src/site/markdown/quality.md has the formulas."""
import numpy as np


def enlarged(heat: np.ndarray, factor: int) -> np.ndarray:
    """Bilinear, half-pixel centres, clamped at the edge."""
    def weights(n):
        at = np.clip((np.arange(n * factor) + 0.5) / factor - 0.5, 0, n - 1)
        low = np.minimum(at.astype(int), n - 2)
        w = np.zeros((n * factor, n))
        w[np.arange(n * factor), low] = 1 - (at - low)
        w[np.arange(n * factor), low + 1] = at - low
        return w
    return weights(heat.shape[0]) @ heat @ weights(heat.shape[1]).T


def window_means(x: np.ndarray, radius: int, moved: bool) -> np.ndarray:
    """Means over (2 radius + 1)^2 windows that at the border are moved into the picture, or else end there; x is (H, W)."""
    for axis in (0, 1):
        n = x.shape[axis]
        centre = np.clip(np.arange(n), radius, n - 1 - radius) if moved else np.arange(n)
        low, high = np.maximum(centre - radius, 0), np.minimum(centre + radius + 1, n)
        total = np.concatenate([np.zeros_like(np.take(x, [0], axis)), np.cumsum(x, axis)], axis)
        x = np.moveaxis(np.moveaxis(np.take(total, high, axis) - np.take(total, low, axis), axis, -1) / (high - low), -1, axis)
    return x


def guided_filter(guide: np.ndarray, p: np.ndarray, radius: int, epsilon: float) -> np.ndarray:
    """He, Sun, Tang (ECCV 2010) with a colour guide (H, W, C): p follows the guide's edges. Windows that are fitted are moved into the picture."""
    channels = guide.shape[2]
    mean = lambda x: window_means(x, radius, moved=True)
    m_i = np.stack([mean(guide[..., c]) for c in range(channels)], -1)
    m_p = mean(p)
    covariance = np.stack([mean(guide[..., c] * p) for c in range(channels)], -1) - m_i * m_p[..., None]
    scatter = np.empty(p.shape + (channels, channels))
    for i in range(channels):
        for j in range(channels):
            scatter[..., i, j] = mean(guide[..., i] * guide[..., j]) - m_i[..., i] * m_i[..., j]
    a = np.linalg.solve(scatter + epsilon * np.eye(channels), covariance[..., None])[..., 0]
    b = m_p - (a * m_i).sum(-1)
    mean = lambda x: window_means(x, radius, moved=False)
    return sum(mean(a[..., c]) * guide[..., c] for c in range(channels)) + mean(b)


def refined(picture: np.ndarray, heat: np.ndarray, factor: int, radius: int, epsilon: float) -> np.ndarray:
    """A heat map at the size of its picture (H, W, 3), following it; the picture's contrast does not matter."""
    guide = picture.astype(np.float64)
    guide /= max(1e-3, np.sqrt(((guide - guide.mean((0, 1))) ** 2).sum(2).mean()))
    return guided_filter(guide, enlarged(heat, factor), radius, epsilon)
