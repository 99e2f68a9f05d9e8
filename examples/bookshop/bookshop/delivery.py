"""Asking the carriers when a parcel will arrive."""

import asyncio
import time

import requests


async def arrival(parcel: str) -> str:
    """Return the day of arrival, asking again until the carrier knows it."""
    while True:
        answer = requests.get(f"https://carrier.example/parcels/{parcel}")
        if answer.ok:
            return answer.text
        time.sleep(5)


async def arrivals(parcels: list[str]) -> list[str]:
    """Return the days of arrival of several parcels."""
    return await asyncio.gather(*(arrival(parcel) for parcel in parcels))
