namespace Osapi.Bench;

/// <summary>The shape of a plan: the dependencies of each task.</summary>
internal sealed record Dag(string Name, int[][] Dependencies)
{
    public static Dag Chain(int size) => new("chain", [.. Enumerable.Range(0, size).Select(task => task == 0 ? (int[])[] : [task - 1])]);

    public static Dag Wide(int size) => new("wide", [.. Enumerable.Range(0, size).Select(_ => (int[])[])]);

    /// <summary>Creates layers of 100 tasks, each with 10 dependencies in the previous layer.</summary>
    public static Dag Layered(int size) => new("layered", [.. Enumerable.Range(0, size).Select(task =>
        task < 100 ? [] : (int[])[.. Enumerable.Range(0, 10).Select(edge => ((task / 100) - 1) * 100 + ((task + edge * 7) % 100))])]);
}
