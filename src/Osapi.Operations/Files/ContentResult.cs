namespace Osapi.Operations.Files;

/// <summary>The content of a file.</summary>
public sealed record ContentResult
{
    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The content as text; null when it is not valid UTF-8.</summary>
    public string? Content { get; init; }

    /// <summary>The content as base64, when it is not valid UTF-8; otherwise null.</summary>
    public string? ContentBase64 { get; init; }

    /// <summary>
    /// True when not every user of the host may read the file: callers without the permission <c>file:content</c> are not shown the
    /// content. Null otherwise.
    /// </summary>
    public bool? Restricted { get; init; }

    /// <summary>The size of the whole file in bytes.</summary>
    public long Size { get; init; }

    /// <summary>True when the file goes on behind the returned part.</summary>
    public bool Truncated { get; init; }
}
