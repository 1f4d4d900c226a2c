using System.Numerics;

namespace Osapi.Orchestrator.Engine;

/// <summary>
/// A set of places in the plan that gives the lowest first. Each bit says whether a place is in, each bit of the row above
/// whether a word of the row below has any: at most four steps for sixteen million tasks, where a heap takes twenty-four.
/// </summary>
internal sealed class PlanOrder
{
    private readonly ulong[][] rows;

    public PlanOrder(int size)
    {
        List<ulong[]> rows = [];
        do
        {
            size = (size + 63) / 64;
            rows.Add(new ulong[Math.Max(size, 1)]);
        }
        while (size > 1);
        this.rows = [.. rows];
    }

    public bool IsEmpty => rows[^1][0] == 0;

    public void Add(int place)
    {
        foreach (var row in rows)
        {
            row[place >> 6] |= 1UL << place;
            place >>= 6;
        }
    }

    public void Remove(int place)
    {
        foreach (var row in rows)
        {
            row[place >> 6] &= ~(1UL << place);
            if (row[place >> 6] != 0)
                return;
            place >>= 6;
        }
    }

    public bool TryTake(out int place)
    {
        place = 0;
        if (IsEmpty)
            return false;
        for (var row = rows.Length - 1; row >= 0; row--)
            place = (place << 6) | BitOperations.TrailingZeroCount(rows[row][place]);
        Remove(place);
        return true;
    }
}
