import json
import re
import subprocess
import unittest
import urllib.request

import boto3


class Matchmaking(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        command = ["node_modules/.bin/matchdesk", "engine", "--memory", "--port", "0", "--config", "fixtures.yaml"]
        cls.engine = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = cls.engine.stdout.readline()
        cls.endpoint = re.search(r"http:\S+", line).group()
        cls.gamelift = boto3.client(
            "gamelift",
            endpoint_url=cls.endpoint,
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    @classmethod
    def tearDownClass(cls):
        cls.gamelift.close()
        cls.engine.terminate()
        cls.engine.wait()
        cls.engine.stdout.close()

    def test_who_does_not_accept_in_time_is_cancelled(self):
        self.start("t-anna", "anna")
        self.start("t-ben", "ben")
        self.step(1_000)
        self.assertEqual(self.statuses("t-anna", "t-ben"), ["REQUIRES_ACCEPTANCE", "REQUIRES_ACCEPTANCE"])

        self.accept("t-anna", "anna")
        self.step(60_000)  # the acceptance time-out, in a millisecond
        self.assertEqual(self.statuses("t-anna", "t-ben"), ["SEARCHING", "CANCELLED"])

        self.step(300_000)
        self.assertEqual(self.statuses("t-anna"), ["TIMED_OUT"])

    def test_a_match_that_both_accept_is_placed(self):
        self.start("t-cleo", "cleo")
        self.start("t-dan", "dan")
        self.step(1_000)
        self.accept("t-cleo", "cleo")
        self.accept("t-dan", "dan")
        self.assertEqual(self.statuses("t-cleo", "t-dan"), ["PLACING", "PLACING"])

        self.step(2_000)
        self.assertEqual(self.statuses("t-cleo", "t-dan"), ["COMPLETED", "COMPLETED"])

    def start(self, ticket_id, player_id):
        self.gamelift.start_matchmaking(
            TicketId=ticket_id, ConfigurationName="duel", Players=[{"PlayerId": player_id}]
        )

    def accept(self, ticket_id, player_id):
        self.gamelift.accept_match(TicketId=ticket_id, PlayerIds=[player_id], AcceptanceType="ACCEPT")

    def statuses(self, *ticket_ids):
        tickets = self.gamelift.describe_matchmaking(TicketIds=list(ticket_ids))["TicketList"]
        by_id = {ticket["TicketId"]: ticket["Status"] for ticket in tickets}
        return [by_id.get(ticket_id) for ticket_id in ticket_ids]

    def step(self, ms):
        """Lets time pass in the engine. Everything that falls due on the way has happened when this returns."""
        request = urllib.request.Request(
            f"{self.endpoint}/lab/clock/step",
            data=json.dumps({"ms": ms}).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request) as response:
            report = json.load(response)
        self.assertIsNone(report["cut"], report)


if __name__ == "__main__":
    unittest.main()
