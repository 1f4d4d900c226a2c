using Osapi.Operations.Files;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Lines, blocks and replacements in text files.</summary>
internal sealed class RandomEdits(Random random) : RandomKinds(random)
{
    private int files;

    public override IReadOnlyList<Func<IEnumerable<RandomTask>>> Kinds => [Line, Line, Block, Replace];

    private IEnumerable<RandomTask> Line()
    {
        var (path, state, lines) = File();
        var isRemoved = Once(4);
        var isMatched = Once(2);
        UpdateLine request = isRemoved
            ? new() { Path = path, State = EditState.Absent, Line = isMatched ? null : "port = 80", Match = isMatched ? (TextPattern)"^port" : null, Backup = OnceTrue(4) }
            : new()
            {
                Path = path,
                Line = Pick("port = 80", "port = 81"),
                Match = isMatched ? (TextPattern)"^#? ?port = " : null,
                FirstMatch = isMatched ? OnceTrue(2) : null,
                InsertAfter = Once(3) ? (TextPattern)"^\\[web\\]" : null,
                Create = OnceTrue(2),
                Backup = OnceTrue(4),
            };
        return [After(state, lines, FileOperations.UpdateLine, request)];
    }

    private IEnumerable<RandomTask> Block()
    {
        var (path, state, lines) = File();
        var isRemoved = Once(4);
        UpdateBlock request = new()
        {
            Path = path,
            MarkerName = Pick("limits", "other"),
            State = isRemoved ? EditState.Absent : null,
            Block = isRemoved ? null : Pick("soft = 1\nhard = 2", "soft = 1\n", ""),
            AtBeginning = isRemoved ? null : OnceTrue(3),
            Create = isRemoved ? null : OnceTrue(2),
        };
        return [After(state, lines, FileOperations.UpdateBlock, request)];
    }

    private IEnumerable<RandomTask> Replace()
    {
        var (path, state, lines) = File();
        ReplaceText request = new()
        {
            Path = path,
            Match = Pick("^(port = )\\d+$", "soft", "o"),
            // The last one would be replaced again by the next run.
            With = Pick("port = 82", "hard", "", "oo"),
            Min = Once(4) ? 1 : null,
            Max = Once(4) ? 2 : null,
        };
        return [After(state, lines, FileOperations.Replace, request)];
    }

    private (string Path, string State, string Lines) File()
    {
        var path = $"{CheckPlace.Directory}/e{files++}";
        var text = Pick<string?>(
            null,
            "",
            "port = 80\n",
            "# port = 8080\n[web]\nport = 80",
            "[web]\r\nport = 81\r\n",
            "# BEGIN OSAPI limits\nsoft = 1\nhard = 2\n# END OSAPI limits\nend\n",
            "top\n# BEGIN OSAPI limits\nsoft = 1\n",
            "port = 80\nport = 80\nport = 82\n");
        var lines = text is null ? Pick("true", $"mkdir {path}") : Once(5) ? $"{Written(path + "-real", text)}; ln -s {path}-real {path}" : Written(path, text);
        return (path, lines, lines);
    }
}
