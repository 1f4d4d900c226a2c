namespace Osapi.Cli.Rendering.Reports;

/// <summary>The amount of text that <c>osapi run</c> prints.</summary>
internal enum RunVerbosity
{
    /// <summary>Progress, selected answers, failures and the summary.</summary>
    Normal,

    /// <summary>Only failures and the summary.</summary>
    Quiet,

    /// <summary>Everything: each answer of each host as a whole.</summary>
    Verbose,
}
