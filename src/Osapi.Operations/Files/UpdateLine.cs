using Osapi.Operations.Facts;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>Ensures that a text file contains a line, or does not. A line that is there already is not added again, wherever it is.</summary>
/// <remarks>
/// With <c>match</c>, the last matching line is replaced. Without a match, the line is inserted. Everything else in the file stays
/// as it is: bytes, line endings, permissions.
/// </remarks>
public sealed record UpdateLine : InsertingEdit, IValidatable
{
    /// <summary>The line, without a line break. Required unless lines are removed by <c>match</c>.</summary>
    [Length(0, 100_000), NoNul]
    public string? Line { get; init; }

    /// <summary>The line to replace, or the lines to remove. It must match <c>line</c> itself, unless <c>backrefs</c> is true.</summary>
    public TextPattern? Match { get; init; }

    /// <summary>
    /// True to replace <c>\1</c> to <c>\9</c> and <c>\g&lt;NAME&gt;</c> in the line by the groups of <c>match</c>, and <c>\\</c> by
    /// one backslash. Without a match nothing is changed. Default: false.
    /// </summary>
    public bool? Backrefs { get; init; }

    /// <summary>True to replace the first matching line, and to insert at the first matching place, instead of the last; default: false.</summary>
    public bool? FirstMatch { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        foreach (var problem in ProblemsOfPlace())
            yield return problem;
        if (Line is null && (State != EditState.Absent || Match is null))
            yield return new("line", "is required, except to remove the lines that match");
        if (Line?.AsSpan().ContainsAny('\n', '\r') == true)
            yield return new("line", "must not contain a line break: use file.block.update for several lines");
        if (State == EditState.Absent)
        {
            if (Line is not null && Match is not null)
                yield return new("match", "must not be given together with line when lines are removed");
            if (Backrefs is not null || FirstMatch is not null)
                yield return new("state", "must be present for backrefs and first_match");
            yield break;
        }

        if (Backrefs == true && Match is null)
            yield return new("backrefs", "needs match, whose groups it uses");
        if (Backrefs != true && IsAddedAgain())
            yield return new("match", "must match the line itself, or the next run would not find it and add it again; use backrefs to keep parts of the old line");
    }

    // References to facts are resolved on the host, which validates again.
    private bool IsAddedAgain() =>
        Line is { } line && Match is { } match && !FactReference.ArePending(line) && !FactReference.ArePending(match.Value) && !match.Regex.IsMatch(line);
}

public static partial class FileOperations
{
    /// <inheritdoc cref="Osapi.Operations.Files.UpdateLine"/>
    public static Operation<UpdateLine, EditResult> UpdateLine { get; } = new("file.line.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/file/line"),
        Permission = Permissions.FileWrite,
        Rights = FileExamples.EditRights,
        Request = FileJson.Requests.UpdateLine,
        Result = FileJson.Results.EditResult,
        Example = static () => (
            new() { Path = "/srv/app/app.conf", Line = "port = 8080", Match = "^#?port =" },
            new() { Path = "/srv/app/app.conf", Changed = true, Action = EditAction.Replaced, LineNumber = 2 }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="UpdateLine"/>
    public Task<JobReply<EditResult>> UpdateLineAsync(Target target, UpdateLine request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.UpdateLine, request, target, options, cancellationToken);
}
