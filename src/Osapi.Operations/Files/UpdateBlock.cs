using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>Ensures that a text file contains a block of lines between two marker lines, or does not.</summary>
/// <remarks>
/// The markers carry a name, such as <c># BEGIN OSAPI limits</c>, so that a file can have several blocks. A block that is there
/// already stays in its place.
/// </remarks>
public sealed record UpdateBlock : InsertingEdit, IValidatable
{
    /// <summary>The name of the block in its markers: 1 to 64 letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</summary>
    public required BlockName MarkerName { get; init; }

    /// <summary>The lines of the block. Required unless the block is removed.</summary>
    [Length(0, 1_000_000), NoNul]
    public string? Block { get; init; }

    /// <summary>The characters that make a line a comment: <c>#</c>, <c>//</c>, <c>;</c>, <c>--</c>, <c>"</c>, <c>&lt;!-- --&gt;</c> or <c>/* */</c>; default: <c>#</c>.</summary>
    public CommentStyle? Comment { get; init; }

    /// <summary>The first marker line of the block.</summary>
    internal string BeginMarker => (Comment ?? "#").Of($"BEGIN OSAPI {MarkerName}");

    /// <summary>The last marker line of the block.</summary>
    internal string EndMarker => (Comment ?? "#").Of($"END OSAPI {MarkerName}");

    IEnumerable<Problem> IValidatable.Validate()
    {
        foreach (var problem in ProblemsOfPlace())
            yield return problem;
        if (Block is null != (State == EditState.Absent))
            yield return new("block", State == EditState.Absent ? "must not be given when the block is removed" : "is required");
        if (Block?.Split('\n').Any(line => line.TrimEnd('\r') == BeginMarker || line.TrimEnd('\r') == EndMarker) == true)
            yield return new("block", "must not contain its own markers");
    }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="Osapi.Operations.Files.UpdateBlock"/>
    public static Operation<UpdateBlock, EditResult> UpdateBlock { get; } = new("file.block.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/file/block"),
        Permission = Permissions.FileWrite,
        Rights = FileExamples.EditRights,
        HasLargeRequest = true,
        Request = FileJson.Requests.UpdateBlock,
        Result = FileJson.Results.EditResult,
        Example = static () => (
            new() { Path = "/srv/app/hosts", MarkerName = "cluster", Block = "192.0.2.10 db-01" },
            new() { Path = "/srv/app/hosts", Changed = true, Action = EditAction.Added, LineNumber = 2 }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="UpdateBlock"/>
    public Task<JobReply<EditResult>> UpdateBlockAsync(Target target, UpdateBlock request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.UpdateBlock, request, target, options, cancellationToken);
}
