namespace Osapi.Cli.Rendering;

/// <summary>The places of the tasks of a plan in a picture: a row of boxes for each level, and a line for each dependency.</summary>
internal sealed class GraphLayout
{
    public const int LetterWidth = 8;
    public const int BoxHeight = 44;
    private const int Gap = 24;
    private const int RowGap = 56;
    private const int MaxLetters = 48;

    /// <summary>Places the tasks.</summary>
    /// <param name="tasks">The tasks; those of one level follow each other in the order of the picture.</param>
    /// <param name="maxWidth">The width at which the boxes of a level go on in a new row.</param>
    public GraphLayout(IReadOnlyList<DrawnTask> tasks, int maxWidth = int.MaxValue)
    {
        var boxes = new GraphBox[tasks.Count];
        var (x, y, level) = (Gap, Gap, 0);
        foreach (var index in Enumerable.Range(0, tasks.Count).OrderBy(index => tasks[index].Level))
        {
            var width = (Math.Max(Shorten(tasks[index].Name).Length, Shorten(tasks[index].Detail).Length) + 2) * LetterWidth;
            var isLower = tasks[index].Level > level;
            if (isLower || (x > Gap && x + width > maxWidth))
                (x, y) = (Gap, y + BoxHeight + (isLower ? RowGap : Gap));
            level = tasks[index].Level;
            boxes[index] = new(x, y, width);
            x += width + Gap;
            Width = Math.Max(Width, x);
        }

        Height = tasks.Count == 0 ? Gap : y + BoxHeight + Gap;
        Boxes = boxes;
        Lines = [.. LinesOf(tasks, boxes)];
    }

    public int Width { get; } = Gap;

    public int Height { get; }

    /// <summary>The box of each task.</summary>
    public IReadOnlyList<GraphBox> Boxes { get; }

    public IReadOnlyList<GraphLine> Lines { get; }

    /// <summary>Cuts a text that is too long for a box.</summary>
    public static string Shorten(string text) => text.Length <= MaxLetters ? text : text[..(MaxLetters - 3)] + "...";

    private static IEnumerable<GraphLine> LinesOf(IReadOnlyList<DrawnTask> tasks, GraphBox[] boxes)
    {
        Dictionary<string, int> byName = [];
        for (var index = 0; index < tasks.Count; index++)
            byName.TryAdd(tasks[index].Name, index);
        for (var index = 0; index < tasks.Count; index++)
            foreach (var name in tasks[index].DependsOn)
                if (byName.TryGetValue(name, out var dependency))
                    yield return new(boxes[dependency].X + (boxes[dependency].Width / 2), boxes[dependency].Y + BoxHeight, boxes[index].X + (boxes[index].Width / 2), boxes[index].Y);
    }
}

/// <summary>A task in a picture.</summary>
/// <param name="Name">The name.</param>
/// <param name="Detail">The second line.</param>
/// <param name="Level">The level, from 0.</param>
/// <param name="DependsOn">The names of the tasks that it depends on.</param>
internal sealed record DrawnTask(string Name, string Detail, int Level, IReadOnlyList<string> DependsOn);

/// <summary>The place of a task in a picture.</summary>
internal readonly record struct GraphBox(int X, int Y, int Width);

/// <summary>The line from a task to one that depends on it.</summary>
internal readonly record struct GraphLine(int X1, int Y1, int X2, int Y2);
