using System.Security.Cryptography;
using System.Text;
using Osapi.Operations.Runs;

namespace Osapi.Transport.Runs;

/// <summary>The subjects of the log of runs, and of the signals about them.</summary>
public static class RunSubjects
{
    /// <summary>The prefix of the signals between controllers about runners that they hear.</summary>
    public const string Signals = "runner.";

    /// <summary>The prefix of the subjects of the inputs of runs that controllers run.</summary>
    public const string InputsPrefix = "input.";

    private const string Journals = "run.";
    private const string Plans = "plan.";
    private const string Contents = "content.";
    private const string Wishes = "wish.";
    private const string Forgets = "forget.";

    // 128 bits: two plan names with one key would share a lock.
    private const int KeyBytes = 16;

    /// <summary>Gets the subject of a run's journal.</summary>
    public static string Journal(RunId id) => Journals + id;

    /// <summary>Gets the subject that orders the runs of a plan: its newest message names the run that holds the name.</summary>
    public static string Plan(string plan) => Plans + KeyOf(plan);

    /// <summary>Gets the subject of what is too large for a message of the journal: the tasks, the files and the values of a run.</summary>
    public static string Content(RunId id) => Contents + id;

    /// <summary>Gets the subject of the inputs of a run that controllers run, which are removed when it ends.</summary>
    public static string Inputs(RunId id) => InputsPrefix + id;

    /// <summary>Gets the subject of the wish that a run be cancelled.</summary>
    public static string Wish(RunId id) => Wishes + id;

    /// <summary>Gets the subject of the steps of a plan that are forgotten.</summary>
    public static string Forgotten(string plan) => Forgets + KeyOf(plan);

    /// <summary>Gets the subject of one controller's signals about the runners that it hears.</summary>
    public static string Signal(string controller) => Signals + controller;

    /// <summary>Parses the subject of a journal; null for any other.</summary>
    public static RunId? ParseJournal(string subject) => Parse(subject, Journals);

    /// <summary>Parses the subject of content; null for any other.</summary>
    public static RunId? ParseContent(string subject) => Parse(subject, Contents);

    /// <summary>Parses the subject of inputs; null for any other.</summary>
    public static RunId? ParseInputs(string subject) => Parse(subject, InputsPrefix);

    /// <summary>Parses the subject of a wish; null for any other.</summary>
    public static RunId? ParseWish(string subject) => Parse(subject, Wishes);

    /// <summary>True for the subject of a plan's lock.</summary>
    public static bool IsPlan(string subject) => StartsWith(subject, Plans);

    /// <summary>True for the subject of forgotten steps.</summary>
    public static bool IsForgotten(string subject) => StartsWith(subject, Forgets);

    private static bool StartsWith(string subject, string prefix)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return subject.StartsWith(prefix, StringComparison.Ordinal);
    }

    private static RunId? Parse(string subject, string prefix) =>
        StartsWith(subject, prefix) && RunId.TryParse(subject[prefix.Length..], out var id) && id.Value == subject[prefix.Length..] ? id : null;

    private static string KeyOf(string plan) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plan)).AsSpan(0, KeyBytes));
}
