using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations.Command;
using Osapi.Operations.Json;
using Osapi.Tests;

namespace Osapi.Operations.Tests.Command;

/// <summary>Tests of the contracts of commands, and of the messages about invalid requests.</summary>
public sealed class CommandContractTests
{
    private static readonly IReadOnlyList<string> Bad =
    [
        "{}",
        """{"command":""}""",
        """{"command":7,"args":"-la","cwd":[],"env":["A=1"],"stdin":{},"timeout":"30","allow_exit_codes":0,"creates":1,"removes":true,"unless":[],"onlyif":{}}""",
        """{"command":null,"args":null,"env":null,"cwd":null}""",
        """{"comand":"ls","arguments":["-la"],"enviroment":{},"unles":"true"}""",
        """{"command":"ls","args":["a",3,null],"env":{"A":1,"B":null},"allow_exit_codes":[0,"1",null,1.5]}""",
        """{"command":"ls","timeout":0,"allow_exit_codes":[]}""",
        """{"command":"ls","timeout":3601,"allow_exit_codes":[-1,0,256]}""",
        """{"command":"ls","timeout":99999999999,"allow_exit_codes":[99999999999]}""",
        """{"command":"l\u0000s","args":["fine","a\u0000b"],"cwd":"/tmp\u0000","env":{"A":"1\u0000"},"creates":"\u0000","removes":"\u0000","unless":"a\u0000","onlyif":"a\u0000"}""",
        """{"command":"ls","env":{"A\u0000":"1"}}""",
        """{"command":"ls","env":{"":"1"}}""",
        """{"command":"ls","env":{"A=B":"1","C":"2"}}""",
        """{"command":"ls","cwd":"","creates":"","removes":"","unless":"","onlyif":""}""",
        """{"command":"a\u0000b","args":[1],"env":{"A=B":1},"timeout":0,"allow_exit_codes":["x",300],"unheard_of":1}""",
        """{"command":"\ud800"}""",
        """{"command":"ls","command":"rm"}""",
        """["ls"]""",
    ];

    [Fact]
    public void All_problems_are_reported_together()
    {
        StringBuilder text = new();
        foreach (var json in Bad)
        {
            text.AppendLine(json);
            foreach (var (name, info) in new[] { ("exec", CommandOperations.Exec.RequestInfo), ("shell", CommandOperations.Shell.RequestInfo) })
            {
                var binding = RequestBinder.Bind(info, Encoding.UTF8.GetBytes(json));
                Assert.Null(binding.Value);
                foreach (var problem in binding.Problems)
                    text.AppendLine($"  {name}: {problem}");
            }
        }

        Approved.Match(text.ToString(), "Command/BadRequests.approved.txt");
    }

    [Theory]
    [InlineData("command", "command must have at most 131071 characters, and has 10485760")]
    [InlineData("unless", "unless must have at most 131071 characters, and has 10485760")]
    [InlineData("onlyif", "onlyif must have at most 131071 characters, and has 10485760")]
    [InlineData("cwd", "cwd must have at most 4095 characters, and has 10485760")]
    [InlineData("creates", "creates must have at most 4095 characters, and has 10485760")]
    [InlineData("removes", "removes must have at most 4095 characters, and has 10485760")]
    [InlineData("stdin", null)]
    public void Ten_megabytes_are_too_much_for_everything_but_the_input(string member, string? problem)
    {
        JsonObject request = new() { ["command"] = "ls", [member] = new string('x', 10 * 1024 * 1024) };

        Assert.Equal(problem is null ? [] : [problem], RequestBinder.Bind(CommandOperations.Shell.RequestInfo, request).Problems.Select(found => found.ToString()));
    }

    [Fact]
    public void The_time_limit_is_30_seconds_or_the_requested_one()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), CommandOperations.Exec.TimeoutOf(new ExecCommand { Command = "ls" }));
        Assert.Equal(TimeSpan.FromSeconds(3600), CommandOperations.Shell.TimeoutOf(new ShellCommand { Command = "ls", Timeout = 3600 }));
    }

    [Fact]
    public void False_flags_are_omitted_from_the_result()
    {
        CommandResult result = new() { Stdout = "", Stderr = "", ExitCode = 0, DurationMs = 1, Changed = true };

        Assert.Equal("""{"stdout":"","stderr":"","exit_code":0,"duration_ms":1,"changed":true}""", JsonSerializer.Serialize(result, CommandOperations.Exec.Result));
        Assert.True(JsonSerializer.Deserialize("""{"stdout":"","stderr":"","exit_code":-1,"signal":"SIGKILL","duration_ms":1,"changed":true,"stdout_truncated":true}""", CommandOperations.Exec.Result)!.StdoutTruncated);
    }

    [Fact]
    public void The_schemas_say_what_the_rules_say()
    {
        ContractSchema schemas = new(XmlDocFiles.Product);

        Approved.Match(
            string.Join('\n', new[] { CommandOperations.Exec.RequestInfo, CommandOperations.Shell.RequestInfo, CommandOperations.Exec.ResultInfo }
                .Select(info => schemas.Of(info).ToJsonString(new() { WriteIndented = true, TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(), Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))),
            "Command/Schemas.approved.txt");
    }
}
