using System.Reflection;
using System.Text.RegularExpressions;

namespace Osapi.Architecture.Tests;

/// <summary>Tests that names and summaries use the words of the field and of docs/glossary.md.</summary>
public sealed partial class VocabularyTests
{
    // Names that this project once had, or might get, in place of the field's term.
    private static readonly string[] BannedTypes =
    [
        "Patience", "Trouble", "Entrance", "Provision", "Layout", "ReadPace", "Pauses", "Comeback", "Pulse", "Beat", "JobBoard", "JobStretch", "LoggedMessage", "Foresight", "Foreseen", "Question",
        "Excuse", "Things", "Places", "Intake", "Slots", "OwnRecord", "OwnWord", "Reports", "NameClaim", "Execution", "Planned", "Echoes", "Space", "FoundFile", "WantedOwner", "Details", "StateSetting",
        "HostAllowance", "CheckingInvoker", "Collection", "HostEntry", "XmlWords", "NearName", "Wire", "WireEnum", "IText", "IChecked", "MemberSymbols", "ConnectionChoice", "GivenSetting", "Answer",
        "LastWords", "LastCall", "Linger", "SilentAgents", "DueJobs", "MissingCommands", "LostJobs", "Listening", "Room", "Workshop", "Havoc", "Scene", "Watch",
    ];

    private static readonly string[] BannedMembers =
    [
        "Patience", "Pause", "LongestPause", "Linger", "LastCall", "LastWords", "Moment", "Bury", "BuryAsync", "Vanish", "Saw", "Tell", "TellAsync", "TakeIn", "TakeInAsync", "TakeOwn", "Beat", "Meet",
        "Borrow", "BorrowAsync", "AskBack", "Excuse", "Foresee", "LookEvery", "Every", "AtOnce", "Usual", "Remarks", "Fin", "FinAsync",
        "AsItIs", "Asked", "Happened", "Judge", "JudgeLabel", "OverAnything", "OwnerBehind", "SameIdAtWork", "WhySkipped", "AfterNothingAsync", "told", "wasTold",
    ];

    private static readonly string[] BannedParameters = ["told", "intake", "passedOver", "patience", "whoever", "mine", "things", "usual", "remark"];

    // The last words of names of public types that are no nouns of the domain, with the reason.
    private static readonly Dictionary<string, string[]> GeneralWords = new()
    {
        ["a convention of .NET"] = ["Attribute", "Exception", "Options", "Services", "Converter", "Json", "Pool", "Thread"],
        ["the role of a type, whose object is the word before it"] = ["Binder", "Conventions", "Docs", "Downloader", "Expectation", "Invocation", "Loop", "Parser", "Trimmer", "Validatable"],
        ["the shape of data"] = ["Batch", "Config", "Counts", "Created", "Detail", "Document", "Info", "Kind", "List", "Over", "Page", "Position", "Started", "Summary", "Value"],
        ["a plain value"] = ["Characters", "Id", "Number", "Size", "Version"],
        ["a term of the platform"] = ["Certificate"],
        ["an event or a place, whose subject is the word before it"] = ["End", "On", "Start"],
    };

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Without blanks and in one case, so that "name lease" finds NameLease.
    private static readonly Dictionary<string, string> Texts =
        Sources.Files.ToDictionary(file => file, file => Sources.Text(file).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant());

    /// <summary>The questions of a newcomer: the word of the glossary, and the type that answers.</summary>
    public static TheoryData<string, string, string> Questions { get; } = new()
    {
        { "a job that no host started in time", "Deadline", "JobDeadlines" },
        { "two hosts with one name", "Name lease", "NameLease" },
        { "a copy of a machine", "Clone", "CloneDetector" },
        { "the place where a command's output is cut", "Output capture", "OutputCapture" },
        { "the pieces of a large output in the store", "Output chunk", "OutputChunks" },
        { "the program that runs an operation on a host", "Operation", "OperationExecutor" },
        { "the record that keeps a job from running twice", "Ledger", "Ledger" },
        { "the read model of jobs", "Job index", "JobIndex" },
        { "the states of an executor in the log", "Executor", "ExecutorLog" },
        { "a job whose agent died", "Lost", "LostJobDetector" },
        { "the receipt of a command to a host", "Command", "CommandConsumer" },
        { "the removal of old jobs", "Retention", "JobRetention" },
        { "what is left of a deleted job", "Tombstone", "JobDeletion" },
        { "the proof that an agent is alive", "Heartbeat", "HeartbeatSender" },
        { "the decision to give a host no work", "Drain", "DrainWatcher" },
        { "the operators' decisions in the store", "Roster", "RosterReconciler" },
        { "the state of an executor", "Fold", "ExecutorFold" },
        { "the queue of jobs for any host", "Work queue", "NatsWorkQueue" },
        { "the embedded store", "Transport", "EmbeddedTransport" },
        { "the creation of NATS streams", "Stream", "StreamProvisioner" },
        { "the connection to the broker", "Broker", "NatsBroker" },
        { "the tokens of callers", "Token", "TokenValidator" },
        { "the permissions of roles", "Role", "Roles" },
        { "the rules of a request's members", "Rule", "RuleProblems" },
        { "a suggestion for a mistyped name", "Suggestion", "Suggestions" },
        { "the list of all operations", "Catalog", "OperationCatalog" },
        { "the target of a call", "Target", "Target" },
        { "the retries of a task", "Retry", "RetryStrategy" },
        { "the levels of a plan", "Level", "LevelProgress" },
        { "the facts of a host", "Fact", "HostFacts" },
        { "the place where a setting was given", "Setting", "SettingFile" },
    };

    [Fact]
    public void No_type_member_or_parameter_has_a_banned_name()
    {
        var members = Sources.Types.SelectMany(type => type.GetMembers(Declared)).ToList();
        List<string> banned =
        [
            .. Sources.Types.Select(Sources.NameOf).Intersect(BannedTypes),
            .. members.Where(member => BannedMembers.Contains(member.Name)).Select(member => $"{member.DeclaringType}.{member.Name}"),
            .. members.OfType<MethodBase>().SelectMany(method => method.GetParameters()).Where(parameter => BannedParameters.Contains(parameter.Name))
                .Select(parameter => $"{parameter.Member.DeclaringType}.{parameter.Member.Name}({parameter.Name})"),
        ];
        Assert.True(banned.Count == 0, $"{banned.Count} banned names: {string.Join(", ", banned)}");
    }

    [Fact]
    public void Summaries_open_with_a_verb_or_a_noun() =>
        Assert.Equal([], Sources.Files.SelectMany(file => QuestionWord.Matches(Sources.Text(file)).Select(match => $"{file}: {match.Value.ReplaceLineEndings(" ")}")));

    [Fact]
    public void The_glossary_names_only_what_exists()
    {
        var types = Sources.Types.Select(Sources.NameOf).ToHashSet();
        var named = GlossaryRow.Matches(Sources.Text("docs/glossary.md")).SelectMany(row => Code.Matches(row.Groups[2].Value)).Select(match => match.Groups[1].Value).ToList();

        Assert.True(named.Count > 100, $"{named.Count} names were found");
        Assert.Equal([], named.Where(name => !types.Contains(name.Split('<')[0]) && !Sources.Files.Any(file => file.EndsWith(name, StringComparison.Ordinal) || file.StartsWith($"{name}/", StringComparison.Ordinal))));
    }

    [Fact]
    public void The_nouns_of_public_types_are_in_the_glossary()
    {
        var terms = GlossaryRow.Matches(Sources.Text("docs/glossary.md"))
            .SelectMany(row => Term.Matches(row.Groups[1].Value))
            .Select(term => term.Groups[1].Value)
            .Concat(GeneralWords.SelectMany(words => words.Value))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var nouns = Sources.Types.Where(type => type.IsVisible).ToLookup(type => LastWord.Match(Sources.NameOf(type)).Value, type => type.FullName);

        Assert.True(nouns.Count > 100, $"{nouns.Count} nouns were found");
        Assert.Equal([], nouns.Where(noun => !Singulars(noun.Key).Any(terms.Contains)).Select(noun => $"{noun.Key}: {string.Join(", ", noun)}"));
    }

    private static IEnumerable<string> Singulars(string noun) =>
        [noun, .. noun.EndsWith("ies", StringComparison.Ordinal) ? [$"{noun[..^3]}y"] : noun.EndsWith('s') ? [noun[..^1], noun[..^2]] : (string[])[]];

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_newcomers_question_leads_to_the_file(string question, string word, string type)
    {
        Assert.NotEmpty(question);
        Assert.Contains(GlossaryRow.Matches(Sources.Text("docs/glossary.md")), row => row.Groups[1].Value.Contains(word, StringComparison.OrdinalIgnoreCase));
        // As in a search for the word: files with the word in their name first, then by the number of occurrences.
        var term = word.Replace(" ", "", StringComparison.Ordinal);
        var found = Sources.Files
            .OrderByDescending(file => Path.GetFileName(file).Contains(term, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(file => Texts[file].AsSpan().Count(term.ToUpperInvariant()))
            .Take(2)
            .ToList();
        var answer = Assert.Single(found, file => Path.GetFileName(file) == $"{type}.cs");
        Assert.Contains($" {type}", Sources.Text(answer), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"<summary>\s*(?:///\s*)?(What|How|Who|Whether|Where|When|Why|Which)\b")]
    private static partial Regex QuestionWord { get; }

    [GeneratedRegex(@"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex GlossaryRow { get; }

    // The last word of each term of a row: "Read model (job index)" has two terms, "Cordon, cordoned" as well.
    [GeneratedRegex(@"([^\s(),`]+)\s*(?=[(),]|$)")]
    private static partial Regex Term { get; }

    [GeneratedRegex("[A-Z][a-z0-9]*$")]
    private static partial Regex LastWord { get; }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code { get; }
}
