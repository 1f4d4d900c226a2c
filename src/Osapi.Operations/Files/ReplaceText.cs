using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>Replaces every match of a regular expression in a text file.</summary>
/// <remarks>A replacement whose result would be replaced again by the next run is a conflict, and nothing is changed.</remarks>
public sealed record ReplaceText : FileEdit, IValidatable
{
    /// <summary>The text to replace. It may span lines.</summary>
    public required TextPattern Match { get; init; }

    /// <summary>
    /// The new text; empty to remove the matches. <c>\1</c> to <c>\9</c> and <c>\g&lt;NAME&gt;</c> are the groups of the match, and
    /// <c>\\</c> is one backslash.
    /// </summary>
    [Length(0, 100_000), NoNul]
    public required string With { get; init; }

    /// <summary>Only matches behind the first match of this are replaced; when it does not match, none are.</summary>
    public TextPattern? After { get; init; }

    /// <summary>Only matches ahead of the first match of this, behind <c>after</c>, are replaced; when it does not match, none are.</summary>
    public TextPattern? Before { get; init; }

    /// <summary>The least number of matches, 0 to 1000000; fewer are a conflict; default: 0.</summary>
    [Range(0, 1_000_000)]
    public int? Min { get; init; }

    /// <summary>The largest number of matches, 1 to 1000000; more are a conflict; default: no limit.</summary>
    [Range(1, 1_000_000)]
    public int? Max { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Min > Max)
            yield return new("min", "must not be larger than max");
    }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="ReplaceText"/>
    public static Operation<ReplaceText, EditResult> Replace { get; } = new("file.replace.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/file/replace"),
        Permission = Permissions.FileWrite,
        Rights = FileExamples.EditRights,
        Request = FileJson.Requests.ReplaceText,
        Result = FileJson.Results.EditResult,
        Example = static () => (
            new() { Path = "/srv/app/app.conf", Match = "^(level = ).*$", With = "\\1info" },
            new() { Path = "/srv/app/app.conf", Changed = true, Action = EditAction.Replaced, LineNumber = 2, Count = 1 }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="ReplaceText"/>
    public Task<JobReply<EditResult>> ReplaceAsync(Target target, ReplaceText request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.Replace, request, target, options, cancellationToken);
}
