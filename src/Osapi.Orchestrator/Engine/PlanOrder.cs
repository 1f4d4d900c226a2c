using System.Numerics;

namespace Osapi.Orchestrator.Engine;

/// <summary>
/// A set of task indexes that returns the lowest first. Each bit of the lowest row marks an index, each bit of a higher row a word of
/// the row below that is not empty: at most four steps for sixteen million tasks, where a heap needs twenty-four.
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

    public void Add(int index)
    {
        foreach (var row in rows)
        {
            row[index >> 6] |= 1UL << index;
            index >>= 6;
        }
    }

    public void Remove(int index)
    {
        foreach (var row in rows)
        {
            row[index >> 6] &= ~(1UL << index);
            if (row[index >> 6] != 0)
                return;
            index >>= 6;
        }
    }

    public bool TryTake(out int index)
    {
        index = 0;
        if (IsEmpty)
            return false;
        for (var row = rows.Length - 1; row >= 0; row--)
            index = (index << 6) | BitOperations.TrailingZeroCount(rows[row][index]);
        Remove(index);
        return true;
    }
}
