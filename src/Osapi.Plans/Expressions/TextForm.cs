namespace Osapi.Plans.Expressions;

/// <summary>The place that a text with expressions goes to.</summary>
internal enum TextForm
{
    /// <summary>Plain text.</summary>
    Plain,

    /// <summary>A member of a request to a host. The host resolves references to facts; values that look like one stay text.</summary>
    Request,

    /// <summary>A member of a request to a host that a shell runs: each value is one word, whatever it contains.</summary>
    ShellLine,
}
